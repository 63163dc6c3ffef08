import { nobleEcdsa, type Params, regtest, toWireHex } from "@fluxlab/core";
import { labKey } from "./labKeys.ts";

/** Height from which blocks must pay FluxNodes. */
const PAYMENTS = 40;

/** Every upgrade but the last two within the first blocks, so that a short history has FluxNodes. */
const HEIGHTS = { lwma: 2, equihash144: 4, acadia: 6, kamiooka: 8, kamata: 10 };

const NEVER = 0x7fff_ffff;

/** A height above every run's. */
export const NO_UPGRADE = NEVER;

/**
 * Rules of a laboratory network whose keys are known: FluxNodes from the first blocks on, by the newest collaterals, no funding
 * but the premine. `fluxHeight`: where the Flux upgrade doubles what FluxNodes get, {@link NO_UPGRADE} for nowhere; two sets of
 * rules that differ in it part for good there.
 */
export function labRules(fluxHeight: number): Params {
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
      flux: { ...upgrades.flux, ...at(fluxHeight) },
      pon: { ...upgrades.pon, ...at(NEVER) },
    },
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
