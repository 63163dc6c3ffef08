import { type NonStandard, REJECT_NONSTANDARD } from "../rules/policy.ts";
import type { UnverifiedProof } from "../rules/shieldedRules.ts";
import { dosScore, REJECT_INVALID, rejectCode, rejectReason, type Violation } from "../rules/violation.ts";

// Why a loose transaction does not enter the pool, as data. Source: fluxd src/main.cpp AcceptToMemoryPool.

/** Codes of reject messages. Source: fluxd src/consensus/validation.h. */
const REJECT_DUPLICATE = 0x12;
const REJECT_INSUFFICIENT_FEE = 0x42;

/** Refusals that fluxd gives no reason for: the sender is told nothing and charged nothing. */
export type SilentReason =
  | "tooManyInputs"
  | "recentlyEvicted"
  | "recentlyInBlock"
  | "recentlySeen"
  | "updateTooSoon"
  | "unknownNode"
  | "alreadyInPool"
  | "conflict"
  | "alreadyInChain"
  | "nonStandardInputs";

interface Answer {
  readonly code: number;
  /** Points the sender is charged. */
  readonly dos: number;
}

/** Refusals that are policy or depend on the pool, by fluxd's reason. */
const POLICY = {
  "tx-expiring-soon": { code: REJECT_INVALID, dos: 0 },
  coinbase: { code: REJECT_INVALID, dos: 100 },
  "non-final": { code: REJECT_NONSTANDARD, dos: 0 },
  "fluxnode-tx-outpoint-sigTime-older-cant-replace": { code: REJECT_DUPLICATE, dos: 0 },
  "fluxnode-tx-sig-to-old": { code: REJECT_DUPLICATE, dos: 0 },
  "fluxnode-tx-bench-sig-to-old": { code: REJECT_DUPLICATE, dos: 0 },
  "bad-txns-fluxnode-inputs-invalid-spent-or-bad-value": { code: REJECT_INVALID, dos: 10 },
  "bad-txns-inputs-spent": { code: REJECT_DUPLICATE, dos: 0 },
  "bad-txns-shielded-requirements-not-met": { code: REJECT_DUPLICATE, dos: 0 },
  "bad-txns-too-many-sigops": { code: REJECT_NONSTANDARD, dos: 0 },
  "insufficient fee": { code: REJECT_INSUFFICIENT_FEE, dos: 0 },
  "insufficient priority": { code: REJECT_INSUFFICIENT_FEE, dos: 0 },
  "rate limited free transaction": { code: REJECT_INSUFFICIENT_FEE, dos: 0 },
} as const satisfies Readonly<Record<string, Answer>>;

type PolicyReason = keyof typeof POLICY;

/** Why a transaction was not taken. */
export type Refusal =
  | { readonly kind: "silent"; readonly why: SilentReason }
  /** A parent is neither in the chain nor in the pool: the transaction may be kept as an orphan. */
  | { readonly kind: "missingInputs" }
  /** It could not be in the next block. */
  | { readonly kind: "violation"; readonly violation: Violation }
  /** `detail` ends fluxd's reason, after a hyphen. */
  | { readonly kind: "policy"; readonly reason: PolicyReason; readonly detail?: string }
  | { readonly kind: "nonStandard"; readonly reason: NonStandard }
  /** Only whoever asked for it is refused so: both in satoshi. */
  | { readonly kind: "absurdFee"; readonly fee: bigint; readonly limit: bigint }
  /** Its proofs are not verified by this project. */
  | { readonly kind: "cannotTell"; readonly unverified: UnverifiedProof };

/** A refusal without an answer. */
export const silently = (why: SilentReason): Refusal => ({ kind: "silent", why });

/** A refusal by policy. */
export const policy = (reason: PolicyReason): Refusal => ({ kind: "policy", reason });

/** A refusal by consensus. */
export const broken = (violation: Violation): Refusal => ({ kind: "violation", violation });

/** What a reject message says, and what the sender is charged. */
export interface RejectMessage extends Answer {
  readonly reason: string;
}

/** The answer to the sender; undefined if there is none. `catchingUp`: fluxd's initial block download flag. */
export function rejectMessage(refusal: Refusal, catchingUp: boolean): RejectMessage | undefined {
  switch (refusal.kind) {
    case "violation": {
      const { violation } = refusal;
      const dos = dosScore(violation, { judging: "looseTransaction", catchingUp });
      return { code: rejectCode(violation), reason: rejectReason(violation), dos };
    }
    case "policy": {
      const { reason, detail } = refusal;
      return { ...POLICY[reason], reason: detail === undefined ? reason : `${reason}-${detail}` };
    }
    case "nonStandard":
      return { code: REJECT_NONSTANDARD, reason: refusal.reason, dos: 0 };
    case "silent":
    case "missingInputs":
    case "absurdFee":
    case "cannotTell":
      return undefined;
  }
}
