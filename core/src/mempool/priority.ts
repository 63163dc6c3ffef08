import type { OrdinaryTransaction, Transaction } from "../primitives/transaction.ts";
import type { Coin } from "../rules/coin.ts";

// How long a transaction's coins have waited for their value, per byte: the order of the free part of a block. In doubles, as
// fluxd computes it, and only with operations that IEEE 754 fixes.

/** Of anything that touches a shielded pool, where age and value are hidden. Source: fluxd src/coins.cpp MAX_PRIORITY. */
const MAX_PRIORITY = 1e16;

/** Bytes of an input that are not held against its transaction, and so many at most of its script. */
const FREE_INPUT_BYTES = 41;
const MAX_FREE_SCRIPT_BYTES = 110;

/**
 * Size in bytes without most of the inputs, so that tidying up small coins costs no priority.
 * Source: fluxd src/primitives/transaction.cpp CalculateModifiedSize.
 */
export function modifiedSize(tx: Transaction, bytes: number): number {
  let modified = bytes;
  if (tx.kind !== "ordinary") return modified;
  for (const { scriptSig } of tx.inputs) {
    const free = FREE_INPUT_BYTES + Math.min(MAX_FREE_SCRIPT_BYTES, scriptSig.length);
    if (modified > free) modified -= free;
  }
  return modified;
}

/**
 * Priority of `tx` at `height`; coins of that height or above, such as those that the pool itself makes, add nothing.
 * Source: fluxd src/coins.cpp GetPriority.
 */
export function priorityAt(
  tx: OrdinaryTransaction,
  spent: readonly Coin[],
  height: number,
  bytes: number,
): number {
  const { joinSplits, spends, outputs } = tx.shielded;
  if (joinSplits.length + spends.length + outputs.length > 0) return MAX_PRIORITY;
  let valueTimesAge = 0;
  for (const { value, height: made } of spent) {
    if (made < height) valueTimesAge += Number(value * BigInt(height - made));
  }
  return valueTimesAge / modifiedSize(tx, bytes);
}

/** Above it a transaction may be free: one coin of a day's age in 250 bytes. Source: fluxd src/txmempool.h AllowFreeThreshold. */
const FREE_PRIORITY = 57_600_000;

/** Whether a transaction of this priority may be free. */
export const allowsFree = (priority: number): boolean => priority > FREE_PRIORITY;
