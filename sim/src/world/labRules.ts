import {
  type KeyPair,
  mainnet,
  nobleEcdsa,
  type Params,
  type PonParams,
  regtest,
  toWireHex,
} from "@fluxlab/core";
import { labKey } from "./labKeys.ts";

/** Height from which blocks must pay FluxNodes. */
const PAYMENTS = 40;

/** Every upgrade but those of a plan within the first blocks, so that a short history has FluxNodes. */
const HEIGHTS = { lwma: 2, equihash144: 4, acadia: 6, kamiooka: 8, kamata: 10 };

const NEVER = 0x7fff_ffff;

/** A height above every run's. */
export const NO_UPGRADE = NEVER;

/** Those who may sign emergency blocks, as many as on main; two of them are enough. */
export const EMERGENCY_KEYS: readonly KeyPair[] = [0, 1, 2, 3].map((i) =>
  labKey(nobleEcdsa, `emergency ${i}`),
);

const emergency = {
  ...mainnet.emergency,
  publicKeys: EMERGENCY_KEYS.map(({ publicKey }) => toWireHex(publicKey)),
};

/** FluxNodes that draw each slot at first, on average: as on main, where 8,200 do at 1 in 5,461. */
const DRAWN_AT_FIRST = { times: 3n, of: 2n };

/** main's numbers, but for the targets: with few nodes each has to draw more often. `fluxnodes`: 1 or more; `spacing`: seconds. */
function ponOf(fluxnodes: number, spacing = mainnet.pon.targetSpacing): PonParams {
  const start = (HIGHEST_TARGET * 2n * DRAWN_AT_FIRST.times) / (DRAWN_AT_FIRST.of * BigInt(fluxnodes));
  return { ...mainnet.pon, targetSpacing: spacing, limit: hexOf(HIGHEST_TARGET), startLimit: hexOf(start) };
}

/** Every second draw meets it; compact form has no room for much more. */
const HIGHEST_TARGET = (1n << 255n) - 1n;

const hexOf = (target: bigint): string =>
  (target < HIGHEST_TARGET ? target : HIGHEST_TARGET).toString(16).padStart(64, "0");

/** Upgrades that are still to come when the history ends. */
export interface LabUpgrades {
  /** Where the Flux upgrade doubles what FluxNodes get. */
  readonly flux?: number;
  /** Where proof of node takes over, by when all upgrades before it have come. */
  readonly pon?: {
    readonly height: number;
    readonly fluxnodes: number;
    /** Seconds of a slot; main's unless said. */
    readonly spacing?: number;
  };
}

/**
 * Rules of a laboratory network whose keys are known: FluxNodes from the first blocks on, by the newest collaterals, no funding
 * but the premine. Two sets of rules that differ in an upgrade part for good there.
 */
export function labRules({ flux, pon }: LabUpgrades): Params {
  const at = (height: number) => ({ height });
  const { upgrades, fluxnodes, funds } = regtest;
  const window = { begin: 0, end: 0 };
  return {
    ...regtest,
    name: "lab",
    kind: "lab",
    proof: "modelled",
    upgrades: {
      ...upgrades,
      lwma: { ...upgrades.lwma, ...at(HEIGHTS.lwma) },
      equihash144: { ...upgrades.equihash144, ...at(HEIGHTS.equihash144) },
      acadia: { ...upgrades.acadia, ...at(HEIGHTS.acadia) },
      kamiooka: { ...upgrades.kamiooka, ...at(HEIGHTS.kamiooka) },
      kamata: { ...upgrades.kamata, ...at(HEIGHTS.kamata) },
      flux: { ...upgrades.flux, ...at(flux ?? NEVER) },
      ...(pon === undefined
        ? {}
        : {
            halving: { ...upgrades.halving, ...at(flux ?? NEVER) },
            p2shNodes: { ...upgrades.p2shNodes, ...at(flux ?? NEVER) },
          }),
      pon: { ...upgrades.pon, ...at(pon?.height ?? NEVER) },
    },
    ...(pon === undefined
      ? {}
      : { pon: ponOf(pon.fluxnodes, pon.spacing), checkProofTargets: true, emergency }),
    subsidy: { slowStartInterval: 0, halvingInterval: 1_000_000 },
    fluxnodes: {
      ...fluxnodes,
      paymentStartHeight: PAYMENTS,
      transitions: { cumulus: window, nimbus: window, stratus: window },
      benchmarkKeys: [
        { validFrom: 0, publicKey: toWireHex(labKey(nobleEcdsa, "benchmark", false).publicKey) },
      ],
    },
    funds: {
      ...funds,
      exchange: { ...funds.exchange, height: NEVER },
      foundation: { ...funds.foundation, height: NEVER },
      swapPool: { ...funds.swapPool, startHeight: NEVER },
    },
    coinbaseMaturity: 10,
  };
}
