import { compareBytes, equalBytes } from "../bytes/compare.ts";
import type { PoolEntry } from "../mempool/entry.ts";
import { modifiedSize } from "../mempool/priority.ts";
import type { TxPool } from "../mempool/txPool.ts";
import {
  collateralOf,
  type FluxnodeTransaction,
  INITIAL_CONFIRM,
  UPDATE_CONFIRM,
} from "../primitives/fluxnodeTx.ts";
import { COIN } from "../primitives/money.ts";
import { isCoinbase, type OrdinaryTransaction } from "../primitives/transaction.ts";
import { updateAllowed } from "../rules/fluxnode/lifecycle.ts";
import { isExpired, isFinal } from "../rules/lockTime.ts";
import { hashKey } from "../state/outpointKey.ts";
import type { TemplateContext } from "./templateContext.ts";

// What of a pool may go into the next block, and how much it is wanted there. Source: fluxd src/miner.cpp CreateNewBlock.

/** What a template reads of a pool. */
export type TemplatePool = Pick<TxPool, "entries" | "get">;

/** A transaction that may be in the block. */
export interface Candidate {
  readonly entry: PoolEntry;
  /** In doubles, as fluxd computes it. */
  readonly priority: number;
  /** Satoshi per 1,000 bytes, rounded down. */
  readonly feeRate: bigint;
  /** Its operator wants it in a block whatever it pays. */
  readonly boosted: boolean;
  /** hashKey of the ids of those in the pool that it spends from and that are not in the block yet. */
  readonly waitsFor: Set<string>;
}

/** All candidates, and FluxNode transactions that no block needs any more, which leave the pool. */
export interface Candidates {
  /** By id: the order among equals starts from it. */
  readonly candidates: readonly Candidate[];
  readonly unfit: readonly PoolEntry[];
}

/** Goes through the whole pool. */
export function findCandidates(pool: TemplatePool, context: TemplateContext): Candidates {
  const candidates: Candidate[] = [];
  const unfit: PoolEntry[] = [];
  const entries = [...pool.entries()].sort((a, b) => compareBytes(a.txid, b.txid));
  for (const entry of entries) {
    const { tx } = entry;
    if (tx.kind !== "ordinary") {
      if (isUnfit(tx, context)) unfit.push(entry);
      else addIfPresent(candidates, fluxnodeCandidate(entry, tx, context));
    } else if (mayBeInBlock(tx, context)) {
      addIfPresent(candidates, paymentCandidate(entry, tx, pool, context));
    }
  }
  return { candidates, unfit };
}

/** The median of the parents' times is what a pool goes by: the block's own time may still change. */
const mayBeInBlock = (tx: OrdinaryTransaction, { height, medianTime }: TemplateContext): boolean =>
  !isCoinbase(tx) && isFinal(tx, height, medianTime) && !isExpired(tx, height);

/** Undefined where a parent is neither in the chain nor in the pool. */
function paymentCandidate(
  entry: PoolEntry,
  tx: OrdinaryTransaction,
  pool: TemplatePool,
  context: TemplateContext,
): Candidate | undefined {
  const { state, height } = context;
  const waitsFor = new Set<string>();
  let valueTimesAge = 0;
  for (const { prevout } of tx.inputs) {
    const coin = state.coin(prevout);
    if (coin !== undefined) {
      valueTimesAge += Number(coin.value) * (height - coin.height);
    } else if (state.unspentOutputs(prevout.txid) === 0) {
      if (pool.get(prevout.txid) === undefined) return undefined;
      waitsFor.add(hashKey(prevout.txid));
    }
  }
  return candidate(entry, valueTimesAge, entry.fee, waitsFor, context);
}

/** A FluxNode transaction pays nothing and is wanted as if it paid this much, in satoshi. */
const FLUXNODE_FEE = COIN / 100n;
/** Of its collateral, for each block of age. */
const FLUXNODE_PRIORITY = 100;

/** Undefined where the collateral is spent, but another output beside it is not: fluxd lets that stay in the pool. */
function fluxnodeCandidate(
  entry: PoolEntry,
  tx: FluxnodeTransaction,
  context: TemplateContext,
): Candidate | undefined {
  const { state, height } = context;
  const coin = state.coin(collateralOf(tx));
  if (coin === undefined) return undefined;
  return candidate(entry, FLUXNODE_PRIORITY * (height - coin.height), FLUXNODE_FEE, new Set(), context);
}

/** Whether what made the collateral is spent altogether, or a CONFIRM comes too early or too late. */
const isUnfit = (tx: FluxnodeTransaction, context: TemplateContext): boolean =>
  context.state.unspentOutputs(collateralOf(tx).txid) === 0 || !confirmIsDue(tx, context);

/** Whether a CONFIRM finds its node where it has to be. Nothing is asked of a START. */
function confirmIsDue(tx: FluxnodeTransaction, { state, height, params }: TemplateContext): boolean {
  if (tx.kind !== "fluxnodeConfirm") return true;
  const node = state.fluxnode(tx.collateral);
  if (node === undefined) return false;
  if (tx.updateType === INITIAL_CONFIRM) return node.status === "started";
  if (tx.updateType !== UPDATE_CONFIRM) return true; // no pool takes it
  const newIp = !equalBytes(tx.ip, node.ip);
  return node.status === "confirmed" && updateAllowed(params, height, node.lastConfirmedHeight, newIp);
}

function candidate(
  entry: PoolEntry,
  valueTimesAge: number,
  fee: bigint,
  waitsFor: Set<string>,
  { boostOf }: TemplateContext,
): Candidate {
  const { tx, bytes, txid } = entry;
  const boost = boostOf?.(txid);
  // What a FluxNode transaction counts as paying is not boosted.
  const rated = fee + (tx.kind === "ordinary" ? (boost?.fee ?? 0n) : 0n);
  return {
    entry,
    priority: valueTimesAge / modifiedSize(tx, bytes) + (boost?.priority ?? 0),
    feeRate: (rated * 1_000n) / BigInt(bytes),
    boosted: boost !== undefined && (boost.priority > 0 || boost.fee > 0n),
    waitsFor,
  };
}

function addIfPresent(candidates: Candidate[], found: Candidate | undefined): void {
  if (found !== undefined) candidates.push(found);
}
