import {
  type ChainStart,
  type Coin,
  compareOutpoints,
  type FluxnodeRecord,
  keyId,
  nobleEcdsa,
  type Outpoint,
  outpointKey,
  type Params,
  payToKeyHash,
  type StateImage,
  toWireHex,
} from "@fluxlab/core";
import type { LabFluxnode } from "./labFluxnode.ts";
import { labKey } from "./labKeys.ts";
import { EMERGENCY_KEYS } from "./labRules.ts";

/** A chain that a world of full nodes goes on from, with its FluxNodes run by operators whose keys are the laboratory's. */
export interface WorldStart {
  readonly chain: ChainStart;
  /** The rules from here on: of a laboratory network, with modelled proof. */
  readonly params: Params;
  readonly fluxnodes: readonly LabFluxnode[];
  /** Places in {@link fluxnodes} of those that nobody looks after. */
  readonly idle: ReadonlySet<number>;
  /** Unix seconds at which the world begins: soon after the chain's last block. */
  readonly seconds: number;
}

/** Collaterals and what is known of the FluxNodes on them. */
interface AdoptedFluxnodes {
  readonly fluxnodes: readonly LabFluxnode[];
  /** By outpointKey of the collateral. */
  readonly byCollateral: ReadonlyMap<string, LabFluxnode>;
}

const NO_BYTES = new Uint8Array(0);

/** Gives FluxNodes to operators of the laboratory, by the order of their collaterals. `ip`: as the chain has it, empty: none. */
export function adopt(
  nodes: readonly (Pick<LabFluxnode, "tier" | "collateral"> & { readonly ip: Uint8Array })[],
): AdoptedFluxnodes {
  const fluxnodes = [...nodes]
    .sort((a, b) => compareOutpoints(a.collateral, b.collateral))
    .map(({ tier, collateral, ip }, i) => ({
      tier,
      collateral,
      owner: labKey(nobleEcdsa, `owner ${i}`),
      key: labKey(nobleEcdsa, `node ${i}`, false),
      ip: ip.length > 0 ? ip : address(i),
    }));
  return { fluxnodes, byCollateral: new Map(fluxnodes.map((node) => [outpointKey(node.collateral), node])) };
}

/** Text of an address of its own. */
const address = (i: number): Uint8Array =>
  Uint8Array.from(`10.${i >> 16}.${(i >> 8) & 0xff}.${i & 0xff}`, (letter) => letter.charCodeAt(0));

/** A node's record with the keys of its operator of the laboratory. */
export function adoptedRecord(record: FluxnodeRecord, { owner, key, ip }: LabFluxnode): FluxnodeRecord {
  const keys = { pubkey: key.publicKey, collateralPubkey: owner.publicKey, redeemScript: NO_BYTES };
  return {
    ...record,
    identity: { ...record.identity, ...keys },
    ip: record.status === "confirmed" ? ip : NO_BYTES,
  };
}

/** A collateral that pays to its owner of the laboratory. */
export const adoptedCoin = (coin: Coin, { owner }: LabFluxnode): Coin => ({
  ...coin,
  scriptPubKey: payToKeyHash(keyId(owner.publicKey)),
});

/**
 * A state in which every FluxNode is run by an operator of the laboratory: the keys in its record and its collateral's output script
 * are theirs. All else is as it was: amounts, heights, turns, everybody else's coins.
 */
export function adoptedState(
  state: StateImage,
  { byCollateral }: AdoptedFluxnodes,
): Pick<StateImage, "coins" | "fluxnodes"> {
  const operatorOf = (outpoint: Outpoint) => byCollateral.get(outpointKey(outpoint));
  const coins = Array.from(state.coins(), ([outpoint, coin]): readonly [Outpoint, Coin] => {
    const operator = operatorOf(outpoint);
    return [outpoint, operator === undefined ? coin : adoptedCoin(coin, operator)];
  });
  const fluxnodes = Array.from(state.fluxnodes(), (record) => {
    const operator = operatorOf(record.outpoint);
    return operator === undefined ? record : adoptedRecord(record, operator);
  });
  return { coins: () => coins, fluxnodes: () => fluxnodes };
}

/** Rules under which the laboratory's benchmark signs for every node, and its people for emergency blocks. */
export const withLabKeys = (params: Params): Params => ({
  ...params,
  emergency: {
    ...params.emergency,
    publicKeys: EMERGENCY_KEYS.map(({ publicKey }) => toWireHex(publicKey)),
  },
  fluxnodes: {
    ...params.fluxnodes,
    benchmarkKeys: [{ validFrom: 0, publicKey: toWireHex(labKey(nobleEcdsa, "benchmark", false).publicKey) }],
  },
});
