/** Codes of reject messages. Source: fluxd src/consensus/validation.h. */
export const REJECT_INVALID = 0x10;
/** Of scripts that only a rule newer than the first ones refuses. */
const REJECT_NONSTANDARD = 0x40;
/** fluxd refuses some headers without a code and a reason. */
const NO_CODE = 0;

/**
 * How many points a peer is charged for what it sent. A number is fixed; the others depend on who judges:
 * - `base`: 100 for a block, 10 for a loose transaction;
 * - `baseOnceSynced`: the same, but nothing while the node is still catching up;
 * - `fullOnceSynced`: 100 from either, but nothing while the node is still catching up;
 * - `baseUnlessJust`: `base`, but nothing if the transaction expired at the height before.
 */
type DosScore = number | "base" | "baseOnceSynced" | "fullOnceSynced" | "baseUnlessJust";

interface Rejection {
  readonly code: number;
  readonly dos: DosScore;
  /** What fluxd says, where that is not the rule's name. */
  readonly reason?: string;
  /** How fluxd appends the fact {@link DETAIL} to the reason. */
  readonly detail?: "inParentheses" | "afterHyphen";
  /**
   * Another block of the same hash may be valid: the failure must not be remembered against the hash. "ifSignature": only if
   * a signature is what failed, as {@link SIGNATURE_FAILED} says.
   */
  readonly sparesBlockHash?: true | "ifSignature";
  /** Another transaction of the same id may be valid: the failure must not be remembered against the id. */
  readonly sparesTxid?: true;
}

const invalid = (dos: DosScore): Rejection => ({ code: REJECT_INVALID, dos });

/**
 * Every consensus rule of transactions, blocks and headers, by the reason fluxd gives when it is broken. The keys are the rules we
 * enforce. Source: fluxd src/main.cpp, next to each reason.
 */
const REJECTIONS = {
  // One transaction, no context (txRules.ts, txValueRules.ts).
  "bad-txns-version-too-low": invalid(100),
  "bad-tx-overwinter-version-too-low": invalid(100),
  "bad-tx-version-group-id": invalid(100),
  "bad-tx-expiry-height-too-high": invalid(100),
  "bad-txns-vin-empty": invalid(10),
  "bad-txns-vout-empty": invalid(10),
  "bad-txns-oversize": invalid(100),
  "bad-txns-vout-negative": invalid(100),
  "bad-txns-vout-toolarge": invalid(100),
  "bad-txns-txouttotal-toolarge": invalid(100),
  "bad-txns-txintotal-toolarge": invalid(100),
  "bad-txns-valuebalance-nonzero": invalid(100),
  "bad-txns-valuebalance-toolarge": invalid(100),
  "bad-txns-vpub_old-negative": invalid(100),
  "bad-txns-vpub_new-negative": invalid(100),
  "bad-txns-vpub_old-toolarge": invalid(100),
  "bad-txns-vpub_new-toolarge": invalid(100),
  "bad-txns-vpubs-both-nonzero": invalid(100),
  "bad-txns-inputs-duplicate": invalid(100),
  "bad-joinsplits-nullifiers-duplicate": invalid(100),
  "bad-spend-description-nullifiers-duplicate": invalid(100),
  "bad-cb-has-joinsplits": invalid(100),
  "bad-cb-has-spend-description": invalid(100),
  "bad-cb-has-output-description": invalid(100),
  "bad-cb-length": invalid(100),
  "bad-txns-prevout-null": invalid(10),
  "bad-txns-joinsplit-verification-failed": invalid(100),

  // One FluxNode transaction, no context but what the verifier knows (fluxnode/txRules.ts).
  "bad-txns-fluxnode-tx-invalid-type": invalid(10),
  "bad-txns-fluxnode-tx-null-prevout": invalid(10),
  "bad-txns-fluxnode-tx-redeemscript-to-large": invalid(10),
  "bad-txns-fluxnode-tx-redeemscript-not-multisig": invalid(10),
  "bad-txns-fluxnode-tx-delegate-data-invalid": invalid(10),
  "bad-txns-fluxnode-tx-invalid-signature": { code: REJECT_INVALID, dos: 10, sparesTxid: true },
  "bad-txns-fluxnode-tx-invalid-benchmark-tier": invalid(10),
  "bad-txns-fluxnode-tx-ip-address-to-large": invalid(100),
  "bad-txns-fluxnode-tx-invalid-update-type": invalid(10),

  // One transaction at a height (contextualTxRules.ts, coinbaseRules.ts).
  "tx-overwinter-not-active": invalid("baseOnceSynced"),
  "tx-fluxnodes-not-active": invalid("base"),
  "tx-p2shnodes-not-active": invalid("base"),
  "tx-bit-features-not-active": invalid("base"),
  "tx-overwintered-flag-not-set": invalid("base"),
  "bad-sapling-tx-version-group-id": invalid("baseOnceSynced"),
  "bad-tx-sapling-version-too-low": invalid(100),
  "bad-tx-sapling-version-too-high": invalid(100),
  "tx-sapling-active": invalid("base"),
  "tx-sapling-expired": invalid("baseUnlessJust"),
  "bad-txns-fluxrebrand-vprivacy-not-empty": invalid(10),
  "tx-coinbase-missing-dev-funding": invalid("base"),
  "tx-coinbase-missing-exchange-funding": invalid("base"),
  "tx-coinbase-missing-foundation-funding": invalid("base"),
  "tx-coinbase-missing-swappool-funding": invalid("base"),

  // The proof of a proof-of-work header (equihashRules.ts).
  "invalid-solution": invalid(100),
  "bad-equihash-solution-size": invalid(100),

  // One block (blockRules.ts).
  "bad-txnmrklroot": { code: REJECT_INVALID, dos: 100, sparesBlockHash: true },
  "bad-txns-duplicate": { code: REJECT_INVALID, dos: 100, sparesBlockHash: true },
  "bad-blk-length": invalid(100),
  "bad-cb-missing": invalid(100),
  "bad-cb-multiple": invalid(100),
  "bad-fluxnode-tx-multiple": invalid(100),
  "bad-blk-sigops": { code: REJECT_INVALID, dos: 100, sparesBlockHash: true },
  "bad-txns-nonfinal": invalid(10),
  "bad-cb-height": invalid(100),

  // One header, no context (headerRules.ts).
  "version-too-low": invalid(100),
  "bad-pon-sig-size": invalid(100),
  "high-hash": invalid(50),

  // One header after its parents (headerRules.ts).
  "not-pon-block": invalid(100),
  "bad-pon-header": invalid(100),
  "bad-pon-diffbits": invalid(100),
  "premature-pon-block": invalid(100),
  "bad-diffbits": invalid(100),
  "time-too-old": invalid(0),

  // One header, as one node sees it on arrival (headerArrival.ts).
  "time-too-new": invalid(0),
  "bad-fork-prior-to-maxreorgdepth": invalid(10),
  "fork-below-checkpoint": { code: NO_CODE, dos: 100, reason: "" },
  "not-the-checkpoint": { code: NO_CODE, dos: 0, reason: "" },

  // The producer of a proof-of-node block (ponBlock.ts).
  "bad-pon-block": { code: REJECT_INVALID, dos: 100, sparesBlockHash: "ifSignature" },

  // One FluxNode transaction against the state (fluxnode/stateRules.ts, fluxnode/collateral.ts).
  "fluxnode-tx-already-in-chain-or-waiting-for-dos-unban": invalid("base"),
  "fluxnode-tx-already-in-confirm-chain": invalid("base"),
  "fluxnode-tx-coins-not-found": invalid("base"),
  "fluxnode-tx-coins-not-available": invalid("base"),
  "fluxnode-tx-failed-to-extract-destination": invalid("base"),
  "fluxnode-tx-normal-version-not-p2pkh-script": invalid("base"),
  "fluxnode-tx-p2sh-version-not-p2sh-script": invalid("base"),
  "fluxnode-tx-p2shnodes-destinations-didn't-match": invalid("base"),
  "fluxnode-tx-p2sh-publickeys-didn't-match": invalid("base"),
  "fluxnode-tx-destinations-didn't-match": invalid("base"),
  "fluxnode-tx-benchmark-tier-to-low-for-collateral": invalid("base"),
  "fluxnode-tx-unknown-node": { code: NO_CODE, dos: 0, reason: "" },
  "fluxnode-tx-invalid-confirm-outpoint-not-started": invalid("base"),
  "fluxnode-tx-invalid-update-confirm-outpoint-not-confirmed": invalid("base"),
  "fluxnode-tx-invalid-update-confirm-outpoint-not-confirmed-or-too-soon": invalid("base"),
  "bad-txns-fluxnode-tx-inputs-missingorspent": { code: REJECT_INVALID, dos: 100, detail: "afterHyphen" },

  // One transaction against the state (inputRules.ts, inputScripts.ts, shieldedRules.ts).
  "bad-txns-inputs-missingorspent": invalid(100),
  "bad-txns-premature-spend-of-coinbase": invalid(0),
  "bad-txns-coinbase-spend-has-transparent-outputs": invalid(0),
  "bad-txns-inputvalues-outofrange": invalid(100),
  "bad-txns-in-belowout": invalid(100),
  "mandatory-script-verify-flag-failed": { code: REJECT_INVALID, dos: 100, detail: "inParentheses" },
  "non-mandatory-script-verify-flag": { code: REJECT_NONSTANDARD, dos: 0, detail: "inParentheses" },
  "bad-txns-invalid-joinsplit-signature": invalid("fullOnceSynced"),
  "bad-txns-joinsplit-requirements-not-met": invalid(100),

  // One block against the state (connectBlock.ts, coinbaseRules.ts, fluxnode/payoutRules.ts).
  "bad-txns-BIP30": invalid(100),
  "bad-txns-not-paying-correct-fluxnodes": invalid(1),
  "bad-sapling-root-in-block": invalid(100),
  "bad-cb-amount": invalid(100),
} as const satisfies Record<string, Rejection>;

/** A consensus rule, named by fluxd's reject reason where that names one. */
export type Rule = keyof typeof REJECTIONS;

/** All rules, for tests and documents that walk them. */
export const RULES = Object.keys(REJECTIONS) as readonly Rule[];

/** The numbers that explain a violation: positions in the block, and what was found against what is allowed. */
export type Facts = Readonly<Record<string, number | bigint | string>>;

/**
 * A broken consensus rule, as data. It says nothing that depends on who looks: a verdict may be shared between nodes, and
 * what it costs the sender follows from {@link dosScore}.
 */
export interface Violation {
  readonly rule: Rule;
  readonly facts: Facts;
}

const NO_FACTS: Facts = {};

/** A {@link Violation} of `rule`. */
export const violation = (rule: Rule, facts: Facts = NO_FACTS): Violation => ({ rule, facts });

/** `broken` with further facts, such as where in a block it was found. */
export const locate = (broken: Violation, facts: Facts): Violation => ({
  rule: broken.rule,
  facts: { ...facts, ...broken.facts },
});

/** Code of the reject message. */
export const rejectCode = ({ rule }: Violation): number => REJECTIONS[rule].code;

const rejection = (rule: Rule): Rejection => REJECTIONS[rule];

/** Fact of a rule that fluxd's reason explains: which of several things was wrong, in its words. */
export const DETAIL = "detail";

/** Text of the reject message. */
export function rejectReason({ rule, facts }: Violation): string {
  const { reason, detail } = rejection(rule);
  const text = reason ?? rule;
  if (detail === undefined) return text;
  return detail === "afterHyphen" ? `${text}-${facts[DETAIL]}` : `${text} (${facts[DETAIL]})`;
}

/** Fact of a block whose signature is what failed: 1. */
export const SIGNATURE_FAILED = "signatureFailed";

/** Whether a block's hash stays unjudged although this content failed. Source: fluxd CValidationState::CorruptionPossible. */
export function sparesBlockHash({ rule, facts }: Violation): boolean {
  const { sparesBlockHash } = rejection(rule);
  return sparesBlockHash === "ifSignature" ? facts[SIGNATURE_FAILED] === 1 : sparesBlockHash === true;
}

/** Whether a transaction's id stays unjudged. Source: fluxd CValidationState::SetFluxnodeTxSignatureFailure. */
export const sparesTxid = ({ rule }: Violation): boolean => rejection(rule).sparesTxid === true;

/** Who judges, as far as it changes what a sender is charged. */
export interface Judge {
  readonly judging: "block" | "looseTransaction";
  /** fluxd's initial block download flag. */
  readonly catchingUp: boolean;
}

/** Fact of an expired transaction: 1 if it could still be mined at the height before, else 0. */
export const JUST_EXPIRED = "justExpired";

/** Points the sender is charged; 100 bans. */
export function dosScore({ rule, facts }: Violation, { judging, catchingUp }: Judge): number {
  const { dos } = rejection(rule);
  if (typeof dos === "number") return dos;
  if ((dos === "baseOnceSynced" || dos === "fullOnceSynced") && catchingUp) return 0;
  if (dos === "fullOnceSynced") return 100;
  if (dos === "baseUnlessJust" && facts[JUST_EXPIRED] === 1) return 0;
  return judging === "block" ? 100 : 10;
}
