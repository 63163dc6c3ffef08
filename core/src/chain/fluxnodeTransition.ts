import type { Params } from "../params/params.ts";
import { type FluxnodeConfirm, UPDATE_CONFIRM } from "../primitives/fluxnodeTx.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import type { Tier } from "../primitives/tier.ts";
import { confirmExpiryBlocks, dosRelease, startExpiryBlocks } from "../rules/fluxnode/lifecycle.ts";
import { type FluxnodeIdentity, type FluxnodeRecord, startedRecord } from "../rules/fluxnode/record.ts";
import { collateralsExamined, expiresByTransition } from "../rules/fluxnode/tier.ts";
import type { Change } from "../state/delta.ts";
import type { FluxnodeTable } from "../state/fluxnodeTable.ts";
import { outpointKey } from "../state/outpointKey.ts";
import type { StateView } from "../state/stateView.ts";

/** What a transition asks of the state before the block. */
export type NodesBefore = Pick<StateView, "fluxnode" | "startedAt" | "dosAddedUpTo" | "confirmedUpTo">;

/** What a block holds that moves nodes. */
export interface FluxnodeFacts {
  /** Of its STARTs. */
  readonly starts: readonly FluxnodeIdentity[];
  readonly confirms: readonly FluxnodeConfirm[];
  /** What its ordinary transactions spend. */
  readonly spent: Iterable<Outpoint>;
  /** Those its coinbase paid as due. */
  readonly paid: readonly FluxnodeRecord[];
}

/** Why a node's record is another after a block. */
export type FluxnodeMove =
  | "started"
  | "missedConfirm"
  | "released"
  | "confirmed"
  | "updated"
  | "expired"
  | "collateralSpent"
  | "collateralOutdated"
  | "paid";

/** One move of one node, for those who watch. */
export interface FluxnodeEvent {
  readonly move: FluxnodeMove;
  readonly outpoint: Outpoint;
  readonly tier: Tier;
}

/** What a block does to nodes: the records before and after by outpointKey, and every move in the order it happened. */
export interface FluxnodeTransition {
  readonly changes: ReadonlyMap<string, Change<FluxnodeRecord | undefined>>;
  readonly events: readonly FluxnodeEvent[];
}

/**
 * Applies block `height` to the nodes, in the order in which fluxd merges its changes. Whether a node starts, expires or is
 * released follows from the state before the block; only a later change of the same block may find a node gone.
 * Source: fluxd src/fluxnode/fluxnode.cpp FluxnodeCache::Flush and the functions named below.
 */
export function fluxnodeTransition(
  parent: NodesBefore,
  facts: FluxnodeFacts,
  height: number,
  params: Params,
): FluxnodeTransition {
  const records = new Records(parent);
  const confirmedHere = new Map(facts.confirms.map((tx) => [outpointKey(tx.collateral), tx]));

  for (const identity of facts.starts) records.set(startedRecord(identity), "started");
  missConfirms(records, parent, confirmedHere, height, params);
  release(records, parent, height, params);
  for (const tx of facts.confirms) {
    // A copy of the ip, which a view would keep all of the block's bytes for.
    const record = { ...records.get(tx.collateral)!, lastConfirmedHeight: height, ip: tx.ip.slice() };
    if (tx.updateType === UPDATE_CONFIRM) records.set(record, "updated");
    else records.set({ ...record, status: "confirmed", confirmedHeight: height }, "confirmed");
  }
  expire(records, parent, facts.spent, confirmedHere, height, params);
  for (const { outpoint } of facts.paid) {
    const record = records.get(outpoint);
    if (record !== undefined) records.set({ ...record, lastPaidHeight: height }, "paid");
  }
  return { changes: records.changes, events: records.events };
}

/** Whether block `height` moves nodes though it holds nothing but its coinbase, which pays some. */
export const nodesAreDue = (nodes: FluxnodeTable, height: number, params: Params): boolean =>
  nodes.anyOfAge(
    height - startExpiryBlocks(params, height),
    height - dosRelease(params, height).blocks,
    height - confirmExpiryBlocks(params, height) - 1,
  ) || collateralsExamined(params, height);

/** A node not confirmed in time waits in the DoS list. Source: fluxd FluxnodeCache::CheckForExpiredStartTx. */
function missConfirms(
  records: Records,
  parent: NodesBefore,
  confirmedHere: ReadonlyMap<string, FluxnodeConfirm>,
  height: number,
  params: Params,
): void {
  for (const record of parent.startedAt(height - startExpiryBlocks(params, height))) {
    if (!confirmedHere.has(outpointKey(record.outpoint)))
      records.set({ ...record, status: "dos" }, "missedConfirm");
  }
}

/** Source: fluxd FluxnodeCache::GetUndoDataForExpiredFluxnodeDosScores. */
function release(records: Records, parent: NodesBefore, height: number, params: Params): void {
  const { blocks, match } = dosRelease(params, height);
  for (const record of parent.dosAddedUpTo(height - blocks)) {
    if (match === "atOrBelow" || record.identity.addedHeight === height - blocks)
      records.remove(record, "released");
  }
}

/**
 * Confirmed nodes leave when their time is up and this block does not update them, when it spends their collateral, and when
 * no tier takes their amount any more; against the last two an update does not help.
 * Source: fluxd FluxnodeCache::GetUndoDataForExpiredConfirmFluxnodes.
 */
function expire(
  records: Records,
  parent: NodesBefore,
  spent: Iterable<Outpoint>,
  confirmedHere: ReadonlyMap<string, FluxnodeConfirm>,
  height: number,
  params: Params,
): void {
  for (const record of parent.confirmedUpTo(height - confirmExpiryBlocks(params, height) - 1)) {
    if (!confirmedHere.has(outpointKey(record.outpoint))) records.remove(record, "expired");
  }
  for (const outpoint of spent) {
    const record = parent.fluxnode(outpoint);
    if (record?.status === "confirmed") records.remove(record, "collateralSpent");
  }
  if (!collateralsExamined(params, height)) return;
  for (const record of parent.confirmedUpTo(height)) {
    const { tier, collateralAmount } = record.identity;
    if (expiresByTransition(params, height, tier, collateralAmount))
      records.remove(record, "collateralOutdated");
  }
}

/** The nodes in the middle of the transition. */
class Records {
  readonly changes: Map<string, Change<FluxnodeRecord | undefined>>;
  readonly events: FluxnodeEvent[];
  readonly #parent: NodesBefore;

  constructor(parent: NodesBefore) {
    this.changes = new Map();
    this.events = [];
    this.#parent = parent;
  }

  get(outpoint: Outpoint): FluxnodeRecord | undefined {
    return this.#get(outpointKey(outpoint), outpoint);
  }

  #get(key: string, outpoint: Outpoint): FluxnodeRecord | undefined {
    const change = this.changes.get(key);
    return change === undefined ? this.#parent.fluxnode(outpoint) : change.after;
  }

  set(after: FluxnodeRecord, move: FluxnodeMove): void {
    this.#put(outpointKey(after.outpoint), after, after, move);
  }

  /** Nothing happens to a node that is gone already. */
  remove(record: FluxnodeRecord, move: FluxnodeMove): void {
    const key = outpointKey(record.outpoint);
    if (this.#get(key, record.outpoint) !== undefined) this.#put(key, record, undefined, move);
  }

  #put(key: string, node: FluxnodeRecord, after: FluxnodeRecord | undefined, move: FluxnodeMove): void {
    const { outpoint, identity } = node;
    const change = this.changes.get(key);
    const before = change === undefined ? this.#parent.fluxnode(outpoint) : change.before;
    this.changes.set(key, { outpoint, before, after });
    this.events.push({ move, outpoint, tier: identity.tier });
  }
}
