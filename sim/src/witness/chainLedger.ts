import {
  BaseState,
  canonicalJson,
  connectBlock,
  type FluxnodeRecord,
  nobleEcdsa,
  type Outpoint,
  type Params,
  type PerTier,
  perTier,
  sha256d,
  stateHash,
  TIERS,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import type { WitnessedBlock } from "../checkers/checker.ts";

/** "TXID:INDEX", as people write it. */
export const outpointText = ({ txid, index }: Outpoint): string => `${toDisplayHex(txid)}:${index}`;

/** What a chain says after one of its blocks. */
export interface LedgerRow {
  readonly height: number;
  /** Display hex. */
  readonly hash: string;
  /** The FluxNode of each tier that the block paid; undefined: none was due. */
  readonly payees: PerTier<string | undefined>;
  /** Satoshi in all coins. */
  readonly supply: bigint;
  /** FluxNodes that are confirmed. */
  readonly confirmed: PerTier<number>;
  /** Names the lists of FluxNodes: who is in which, since when, and paid when. */
  readonly fluxnodes: string;
}

/** A chain by the rules. */
export interface ChainLedger {
  /** Of the blocks after genesis, by rising height, up to the first that breaks a rule. */
  readonly rows: readonly LedgerRow[];
  /** The first rule that the chain breaks; undefined: none. */
  readonly broken: { readonly height: number; readonly rule: string } | undefined;
  /** What stood at the heights asked for, as far as the chain goes. */
  readonly moments: ReadonlyMap<number, ChainMoment>;
}

/** The state after a block. */
export interface ChainMoment {
  /** Of everything in it: see stateHash of the core. */
  readonly digest: string;
  /** Confirmed FluxNodes in the order in which they are paid. */
  readonly queues: PerTier<readonly string[]>;
}

/** The blocks of the chain that ends with this one, genesis first. */
export function chainTo(tip: WitnessedBlock): WitnessedBlock[] {
  const chain: WitnessedBlock[] = [];
  for (let at: WitnessedBlock | undefined = tip; at !== undefined; at = at.parent) chain.push(at);
  return chain.reverse();
}

/** Goes through a chain by rules that need not be those of who followed it. Signatures are taken as good. */
export function chainLedger(
  tip: WitnessedBlock,
  params: Params,
  momentsAt: readonly number[] = [],
): ChainLedger {
  const state = new BaseState();
  const rows: LedgerRow[] = [];
  const moments = new Map<number, ChainMoment>();
  let broken: ChainLedger["broken"];
  for (const { block, height } of chainTo(tip)) {
    const due = height >= params.fluxnodes.paymentStartHeight;
    const payees = perTier((tier) => (due ? nameOf(state.queueHead(tier)) : undefined));
    const verdict = connectBlock(state, block, params, { ecdsa: nobleEcdsa, trust: "signatures" });
    if (verdict.verdict !== "connected") {
      const rule = verdict.verdict === "invalid" ? verdict.violation.rule : "cannot be verified";
      broken = { height, rule };
      break;
    }
    state.apply(verdict.delta);
    if (height > 0) rows.push(rowOf(state, height, payees));
    if (momentsAt.includes(height))
      moments.set(height, { digest: stateHash(state), queues: queuesOf(state) });
  }
  return { rows, broken, moments };
}

const nameOf = (record: FluxnodeRecord | undefined): string | undefined =>
  record === undefined ? undefined : outpointText(record.outpoint);

const queuesOf = (state: BaseState): ChainMoment["queues"] =>
  perTier((tier) => Array.from(state.queue(tier), ({ outpoint }) => outpointText(outpoint)));

const rowOf = (state: BaseState, height: number, payees: LedgerRow["payees"]): LedgerRow => ({
  height,
  hash: toDisplayHex(state.blockHash),
  payees,
  supply: state.supply.transparent + state.supply.sprout,
  confirmed: perTier((tier) => [...state.queue(tier)].length),
  fluxnodes: listsDigest(state),
});

/** When a node updates its confirmation is its own affair, and not in the digest. */
function listsDigest(state: BaseState): string {
  const nodes = [...state.fluxnodes()].map((node) => [
    outpointText(node.outpoint),
    node.status,
    node.identity.addedHeight,
    node.confirmedHeight,
    node.lastPaidHeight,
  ]);
  const sorted = nodes.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  const text = canonicalJson([sorted, TIERS.map((tier) => queuesOf(state)[tier])]);
  return toWireHex(sha256d(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
}
