import { mainnet, type Params, regtest, testnet, type Upgrade } from "@fluxlab/core";
import { parseNetwork } from "@fluxlab/sim/scenario";
import { readVectorText } from "./committedVectors.ts";

/** A network with some upgrade heights moved. */
export function withUpgrades(params: Params, heights: Partial<Record<Upgrade, number>>): Params {
  const upgrades = Object.fromEntries(
    Object.entries(params.upgrades).map(([upgrade, values]) => [
      upgrade,
      { ...values, height: heights[upgrade as Upgrade] ?? values.height },
    ]),
  ) as Params["upgrades"];
  return { ...params, upgrades };
}

/** The networks the recorded vectors name. */
export const NETWORKS: Readonly<Record<string, Params>> = {
  main: mainnet,
  test: testnet,
  regtest,
  "regtest-nu": withUpgrades(regtest, { kamata: 110, flux: 120, halving: 130, p2shNodes: 140, pon: 200 }),
};

/** The laboratory network on which fluxd was recorded. */
export const labnet = (): Params => parseNetwork(readVectorText("labnet/params.json"));
