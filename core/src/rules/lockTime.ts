import {
  FINAL_SEQUENCE,
  isCoinbase,
  type OrdinaryTransaction,
  type Transaction,
} from "../primitives/transaction.ts";
import { LOCK_TIME_THRESHOLD } from "./limits.ts";

/**
 * Whether `tx` may stand in block `height` of time `time` (Unix seconds; consensus takes the block's own, policy the
 * median of its predecessors). FluxNode transactions have no lock time. Source: fluxd src/main.cpp IsFinalTx.
 */
export function isFinal(tx: Transaction, height: number, time: number): boolean {
  if (tx.kind !== "ordinary" || tx.lockTime === 0) return true;
  if (tx.lockTime < (tx.lockTime < LOCK_TIME_THRESHOLD ? height : time)) return true;
  return tx.inputs.every((input) => input.sequence === FINAL_SEQUENCE);
}

/** Whether block `height` comes too late for `tx`; it is still valid at its expiry height. Source: fluxd IsExpiredTx. */
export const isExpired = (tx: OrdinaryTransaction, height: number): boolean =>
  tx.expiryHeight !== 0 && !isCoinbase(tx) && height > tx.expiryHeight;
