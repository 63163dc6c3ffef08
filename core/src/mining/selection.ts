import type { PoolEntry } from "../mempool/entry.ts";
import { allowsFree } from "../mempool/priority.ts";
import type { OrdinaryTransaction } from "../primitives/transaction.ts";
import type { Coin } from "../rules/coin.ts";
import { collateralInputTier } from "../rules/fluxnode/collateral.ts";
import { transactionFee } from "../rules/inputRules.ts";
import { checkInputScripts } from "../rules/inputScripts.ts";
import { MAX_BLOCK_SIGOPS } from "../rules/limits.ts";
import { MIN_RELAY_FEE_RATE } from "../rules/policy.ts";
import { checkSproutRequirements } from "../rules/shieldedRules.ts";
import { legacySigops, p2shSigops } from "../script/sigops.ts";
import { Draft } from "../state/draft.ts";
import { hashKey } from "../state/outpointKey.ts";
import type { Candidate } from "./candidates.ts";
import { Heap } from "./heap.ts";
import type { TemplateContext } from "./templateContext.ts";
import { RESERVED_BYTES, type TemplateSettings } from "./templateSettings.ts";

// Which candidates a block takes, and in which order. Source: fluxd src/miner.cpp CreateNewBlock.

/** A transaction of a template. */
export interface TemplateEntry {
  readonly entry: PoolEntry;
  /** Satoshi; 0 for FluxNode transactions. */
  readonly fee: bigint;
  /** Those of redeem scripts included. */
  readonly sigops: number;
}

/** What a template holds besides its coinbase. */
export interface Selection {
  /** In block order. */
  readonly chosen: readonly TemplateEntry[];
  /** Satoshi. */
  readonly fees: bigint;
}

/** Signature operations set aside for the coinbase. */
const RESERVED_SIGOPS = 100;

type Order = (a: Candidate, b: Candidate) => boolean;

const byPriority: Order = (a, b) =>
  a.priority === b.priority ? a.feeRate < b.feeRate : a.priority < b.priority;

const byFeeRate: Order = (a, b) =>
  a.feeRate === b.feeRate ? a.priority < b.priority : a.feeRate < b.feeRate;

/**
 * First those of the highest priority, until their part of the block is full or the rest has no claim to it; then those that
 * pay the best rate. What spends from another candidate is in the running once that is chosen. `settings`: within limits.
 */
export function select(
  candidates: readonly Candidate[],
  context: TemplateContext,
  settings: TemplateSettings,
): Selection {
  const block = new BlockInTheMaking(context);
  const dependants = dependantsOf(candidates);
  let byFee = settings.priorityBytes <= 0;
  const ready = candidates.filter(({ waitsFor }) => waitsFor.size === 0);
  const heap = new Heap(ready, byFee ? byFeeRate : byPriority);
  for (let best = heap.pop(); best !== undefined; best = heap.pop()) {
    const { entry, priority, feeRate, boosted } = best;
    const bytes = block.bytes + entry.bytes;
    if (bytes >= settings.maxBytes || !block.hasRoomFor(legacySigops(entry.tx))) continue;
    const free = feeRate < MIN_RELAY_FEE_RATE && !boosted;
    if (byFee && free && bytes >= settings.minBytes) continue;
    // The one on which the order changes is itself still taken by the old one.
    if (!byFee && (bytes >= settings.priorityBytes || !allowsFree(priority))) {
      byFee = true;
      heap.reorder(byFeeRate);
    }
    if (!block.take(entry)) continue;
    const chosen = hashKey(entry.txid);
    for (const dependant of dependants.get(chosen) ?? []) {
      dependant.waitsFor.delete(chosen);
      if (dependant.waitsFor.size === 0) heap.push(dependant);
    }
  }
  return block;
}

/** Who waits for whom, by hashKey of the id waited for. */
function dependantsOf(candidates: readonly Candidate[]): ReadonlyMap<string, readonly Candidate[]> {
  const dependants = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    for (const parent of candidate.waitsFor) {
      const waiting = dependants.get(parent);
      if (waiting === undefined) dependants.set(parent, [candidate]);
      else waiting.push(candidate);
    }
  }
  return dependants;
}

/** The transactions chosen so far, and the coins after them. */
class BlockInTheMaking implements Selection {
  readonly chosen: TemplateEntry[];
  fees: bigint;
  bytes: number;
  #sigops: number;
  readonly #draft: Draft;
  readonly #context: TemplateContext;

  constructor(context: TemplateContext) {
    this.chosen = [];
    this.fees = 0n;
    this.bytes = RESERVED_BYTES;
    this.#sigops = RESERVED_SIGOPS;
    this.#draft = new Draft(context.state);
    this.#context = context;
  }

  /** Whether so many signature operations stay below the limit. */
  hasRoomFor(sigops: number): boolean {
    return this.#sigops + sigops < MAX_BLOCK_SIGOPS;
  }

  /** Whether the transaction could be added after those before it, as far as it can be told without the whole block. */
  take(entry: PoolEntry): boolean {
    const { tx } = entry;
    const taken =
      tx.kind === "ordinary"
        ? this.#payment(entry, tx)
        : this.#hasCollateral(entry) && { fee: 0n, sigops: 0 };
    if (taken === false) return false;
    this.chosen.push({ entry, ...taken });
    this.bytes += entry.bytes;
    this.fees += taken.fee;
    this.#sigops += taken.sigops;
    return true;
  }

  /** A transaction before it may have spent the collateral. */
  #hasCollateral({ tx }: PoolEntry): boolean {
    if (tx.kind !== "fluxnodeStart" && tx.kind !== "fluxnodeConfirm") return false;
    const { height, params } = this.#context;
    return typeof collateralInputTier(tx, this.#draft.coin(tx.collateral), height, params) === "string";
  }

  #payment({ txid }: PoolEntry, tx: OrdinaryTransaction): Omit<TemplateEntry, "entry"> | false {
    const spent = this.#draft.inputCoins(tx);
    if (typeof spent === "number") return false;
    const sigops = legacySigops(tx) + p2shSigops(tx, spent);
    if (!this.hasRoomFor(sigops)) return false;
    const fee = this.#checkedFee(tx, spent);
    if (fee === undefined) return false;
    this.#draft.apply(tx, txid, spent);
    return { fee, sigops };
  }

  /** Undefined if the transaction breaks a rule. fluxd asks scripts for less here, and has the block fail as a whole instead. */
  #checkedFee(tx: OrdinaryTransaction, spent: readonly Coin[]): bigint | undefined {
    const { height, params, options } = this.#context;
    if (checkSproutRequirements(tx, this.#draft) !== undefined) return undefined;
    const fee = transactionFee(tx, spent, height, params);
    if (typeof fee !== "bigint") return undefined;
    if (options.trust !== "nothing") return fee;
    return checkInputScripts(tx, spent, height, params, options.ecdsa) === undefined ? fee : undefined;
  }
}
