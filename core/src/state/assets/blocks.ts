import type { ChainId } from "../../rules/assets/chains.ts";
import { assert } from "../../util/assert.ts";
import { record, retract } from "./facts.ts";
import { judge } from "./judge.ts";
import { type AssetLedger, chainTerms, findLock, type Journal } from "./ledger.ts";
import type { AssetOperation, AssetRejection } from "./operations.ts";
import type { AssetFact } from "./records.ts";

// Blocks of any chain, onto the ledger and off it again.

/** A block of one chain and the operations it carries, in order. Blocks that carry none may be left out, all but the tip. */
export interface AssetBlock {
  readonly chain: ChainId;
  readonly height: number;
  readonly operations: readonly AssetOperation[];
}

/** An operation of a block that the ledger refused, and why. */
export interface RejectedOperation {
  readonly operation: AssetOperation;
  readonly rejection: AssetRejection;
}

/**
 * A block being added: the one thing that changes while it is. Each operation is judged by the ledger that those before it
 * left, with the block itself already counted as a confirmation.
 */
export class BlockDraft {
  readonly chain: ChainId;
  readonly height: number;
  #ledger: AssetLedger;
  readonly #facts: AssetFact[] = [];

  constructor(ledger: AssetLedger, chain: ChainId, height: number) {
    const { tip } = ledger.chains[chain]!;
    assert(height > tip, `block ${height} of chain ${chain} comes after block ${tip}`);
    this.chain = chain;
    this.height = height;
    this.#ledger = withTip(ledger, chain, height);
  }

  /** The ledger after the operations so far. */
  get ledger(): AssetLedger {
    return this.#ledger;
  }

  /** All of `operations`, which belong together, or none if one is rejected: then it says why that one was. */
  apply(...operations: readonly AssetOperation[]): AssetRejection | undefined {
    const { chain, height } = this;
    const before = this.#ledger;
    const kept = this.#facts.length;
    for (const operation of operations) {
      const judged = judge(this.#ledger, operation, { chain, height, index: this.#facts.length });
      if ("reason" in judged) {
        this.#ledger = before;
        this.#facts.length = kept;
        return judged;
      }
      this.#ledger = record(this.#ledger, judged);
      this.#facts.push(judged);
    }
    return undefined;
  }

  /** The ledger with the block added for good. */
  finish(): AssetLedger {
    if (this.#facts.length === 0) return this.#ledger;
    const state = this.#ledger.chains[this.chain]!;
    const journal: Journal = { height: this.height, facts: this.#facts, previous: state.journal };
    return { ...this.#ledger, chains: this.#ledger.chains.with(this.chain, { ...state, journal }) };
  }
}

const withTip = (ledger: AssetLedger, chain: ChainId, tip: number): AssetLedger => ({
  ...ledger,
  chains: ledger.chains.with(chain, { ...ledger.chains[chain]!, tip }),
});

/** Adds a block above the tip of its chain. Rejected operations change nothing and are handed back with their reasons. */
export function applyBlock(
  ledger: AssetLedger,
  { chain, height, operations }: AssetBlock,
): { readonly ledger: AssetLedger; readonly rejected: readonly RejectedOperation[] } {
  const draft = new BlockDraft(ledger, chain, height);
  const rejected = operations.flatMap((operation): RejectedOperation[] => {
    const rejection = draft.apply(operation);
    return rejection === undefined ? [] : [{ operation, rejection }];
  });
  return { ledger: draft.finish(), rejected };
}

/** Coins that a reorganisation left without backing. They stay in {@link shortfall} until it is made good. */
export type ReorgReport =
  /** The lock is gone and its unlock on the target stands. */
  | {
      readonly type: "SourceReorged";
      readonly source: ChainId;
      readonly id: string;
      readonly target: ChainId;
      readonly amount: bigint;
    }
  /** Claims are gone whose coins have left `chain` by swaps since. */
  | { readonly type: "ClaimReorged"; readonly chain: ChainId; readonly amount: bigint };

/** The ledger after a rollback, and what was left without backing. */
export type RolledBack =
  | { readonly ledger: AssetLedger; readonly reports: readonly ReorgReport[] }
  | { readonly reason: "tooDeep"; readonly height: number; readonly floor: number };

/**
 * Takes back all blocks of `chain` above `height`, newest first, exactly: what other chains did stands. Blocks below the
 * ledger's opening, or forgotten since, cannot be taken back.
 */
export function rollback(ledger: AssetLedger, chain: ChainId, height: number): RolledBack {
  const { tip, rollbackFloor } = ledger.chains[chain]!;
  if (height < rollbackFloor) return { reason: "tooDeep", height, floor: rollbackFloor };
  let next = ledger;
  let { journal } = ledger.chains[chain]!;
  const locks: AssetFact[] = [];
  for (; journal !== undefined && journal.height > height; journal = journal.previous) {
    for (const fact of journal.facts.toReversed()) {
      next = retract(next, fact);
      if (fact.type === "locked") locks.push(fact);
    }
  }
  const state = { ...next.chains[chain]!, tip: Math.min(tip, height), journal };
  next = { ...next, chains: next.chains.with(chain, state) };
  return { ledger: next, reports: [...orphans(next, locks), ...deficits(ledger, next)] };
}

function orphans(ledger: AssetLedger, removed: readonly AssetFact[]): ReorgReport[] {
  return removed.flatMap((fact) => {
    if (fact.type !== "locked") return [];
    const { source, id, target, amount } = fact.lock;
    return findLock(ledger, source, id) === undefined
      ? []
      : [{ type: "SourceReorged", source, id, target, amount }];
  });
}

function deficits(before: AssetLedger, after: AssetLedger): ReorgReport[] {
  return after.params.chains.flatMap(({ id: chain }) => {
    const amount = chainTerms(after, chain).deficit - chainTerms(before, chain).deficit;
    return amount > 0n ? [{ type: "ClaimReorged", chain, amount }] : [];
  });
}

/** Forgets how to take back blocks of `chain` up to and including `height`, and frees what that took. */
export function settle(ledger: AssetLedger, chain: ChainId, height: number): AssetLedger {
  const state = ledger.chains[chain]!;
  const kept: Journal[] = [];
  for (let entry = state.journal; entry !== undefined && entry.height > height; entry = entry.previous)
    kept.push(entry);
  const journal = kept.reduceRight<Journal | undefined>(
    (previous, entry) => ({ ...entry, previous }),
    undefined,
  );
  const rollbackFloor = Math.max(state.rollbackFloor, Math.min(height, state.tip));
  return { ...ledger, chains: ledger.chains.with(chain, { ...state, journal, rollbackFloor }) };
}
