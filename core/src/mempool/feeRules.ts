import type { OrdinaryTransaction } from "../primitives/transaction.ts";
import type { Coin } from "../rules/coin.ts";
import { shieldedValueIn } from "../rules/inputRules.ts";
import { absurdFee, countsAsFree, minRelayFee } from "../rules/policy.ts";
import type { FreeRelayLimiter } from "./freeRelay.ts";
import { allowsFree, priorityAt } from "./priority.ts";
import { policy, type Refusal } from "./refusal.ts";

// What a loose transaction must pay. Source: fluxd src/main.cpp AcceptToMemoryPool.

/** Where a transaction comes from, as far as it matters to what it must pay. */
export interface Submission {
  /** Whether it must pay its way: what peers send. */
  readonly limitFree: boolean;
  /** Whether a fee that looks like a mistake is one: what this node's own user sends. */
  readonly refuseAbsurdFee: boolean;
}

/** What a peer sends. */
export const FROM_PEER: Submission = { limitFree: true, refuseAbsurdFee: false };
/** What this node's own user sends. */
export const FROM_USER: Submission = { limitFree: false, refuseAbsurdFee: true };
/** Of a block that left the chain, and of a user who knows. */
export const AS_IT_IS: Submission = { limitFree: false, refuseAbsurdFee: false };

/** A joinsplit that pays it is not asked for more. Source: fluxd ASYNC_RPC_OPERATION_DEFAULT_MINERS_FEE. */
const SHIELDED_FEE = 10_000n;

/** Satoshi of all inputs, shielded ones included. No rule has bounded the sum yet. */
export const inputValue = (tx: OrdinaryTransaction, spent: readonly Coin[]): bigint =>
  spent.reduce((sum, { value }) => sum + value, shieldedValueIn(tx));

/** What a judge of fees looks at. */
export interface FeeCase {
  readonly tx: OrdinaryTransaction;
  readonly spent: readonly Coin[];
  readonly bytes: number;
  /** Satoshi; negative if more comes out than goes in, which is refused later. */
  readonly fee: bigint;
  /** Of the tip. */
  readonly height: number;
}

/** What is asked of fees, of whom, and when. */
export interface FeeTerms {
  readonly from: Submission;
  readonly limiter: FreeRelayLimiter;
  /** Whether what pays next to nothing needs priority. */
  readonly requirePriority: boolean;
  /** Unix seconds, the node's own clock. */
  readonly now: number;
}

/** The first rule about fees that the transaction breaks. Counts it against the limit of free ones. */
export function checkFee(
  { tx, spent, bytes, fee, height }: FeeCase,
  { from: { limitFree, refuseAbsurdFee }, limiter, requirePriority, now }: FeeTerms,
): Refusal | undefined {
  const paysAsShielded = tx.shielded.joinSplits.length > 0 && fee >= SHIELDED_FEE;
  if (limitFree && !paysAsShielded && fee < minRelayFee(bytes)) return policy("insufficient fee");
  const free = countsAsFree(fee, bytes);
  if (requirePriority && free && !allowsFree(priorityAt(tx, spent, height + 1, bytes))) {
    return policy("insufficient priority");
  }
  if (limitFree && free && !limiter.admit(bytes, now)) return policy("rate limited free transaction");
  const limit = absurdFee(bytes);
  return refuseAbsurdFee && fee > limit ? { kind: "absurdFee", fee, limit } : undefined;
}
