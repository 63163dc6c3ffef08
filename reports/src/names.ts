import type { Fund, PerTier, Upgrade } from "@fluxlab/core";
import type { Shock } from "@fluxlab/sim";

// What the report calls things.

export const TIER_NAME: PerTier<string> = { cumulus: "Cumulus", nimbus: "Nimbus", stratus: "Stratus" };

export const FUND_NAME: Readonly<Record<Fund, string>> = {
  exchange: "Exchange fund",
  foundation: "Foundation fund",
  swapPool: "Swap pool",
};

export const UPGRADE_NAME: Readonly<Record<Upgrade, string>> = {
  base: "Base",
  testDummy: "Test dummy",
  lwma: "LWMA",
  equihash144: "Equihash 144,5",
  acadia: "Acadia",
  kamiooka: "Kamiooka",
  kamata: "Kamata",
  flux: "Flux",
  halving: "Halving",
  p2shNodes: "P2SH nodes",
  pon: "Proof of node",
};

export const SHOCK_NAME: Readonly<Record<Shock["kind"], string>> = {
  exit: "Operators leave",
  benchmarkFailure: "Benchmarks fail",
  price: "The price changes",
};
