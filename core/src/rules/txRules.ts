import { compareBytes } from "../bytes/compare.ts";
import { compareOutpoints, isNullOutpoint } from "../primitives/outpoint.ts";
import { type JoinSplit, joinSplitNullifiers, spendNullifier } from "../primitives/shielded.ts";
import {
  isCoinbase,
  type OrdinaryTransaction,
  OVERWINTER_GROUP_ID,
  OVERWINTER_VERSION,
  SAPLING_GROUP_ID,
  type Transaction,
  usesGroth16,
} from "../primitives/transaction.ts";
import { transactionSize } from "../primitives/txid.ts";
import { checkFluxnodeTx, type FluxnodeVerifier } from "./fluxnode/txRules.ts";
import {
  EXPIRY_HEIGHT_LIMIT,
  MAX_COINBASE_SCRIPT_BYTES,
  MAX_TRANSACTION_BYTES,
  MIN_COINBASE_SCRIPT_BYTES,
} from "./limits.ts";
import { checkValues } from "./txValueRules.ts";
import { type Violation, violation } from "./violation.ts";

// What one transaction must satisfy wherever it stands. Source: fluxd src/main.cpp CheckTransactionWithoutProofVerification.

/** The first rule `tx` breaks, in fluxd's order. `verifier` is asked about FluxNode transactions only. */
export function checkTransaction(tx: Transaction, verifier: FluxnodeVerifier): Violation | undefined {
  if (tx.kind !== "ordinary") return checkFluxnodeTx(tx, verifier) ?? checkSize(tx);
  return (
    checkFormat(tx) ??
    checkNotEmpty(tx) ??
    checkSize(tx) ??
    checkValues(tx) ??
    checkInputsDistinct(tx) ??
    checkNullifiersDistinct(tx) ??
    (isCoinbase(tx) ? checkCoinbaseShape(tx) : checkPrevoutsNamed(tx))
  );
}

function checkFormat(tx: OrdinaryTransaction): Violation | undefined {
  const { version, versionGroupId, expiryHeight } = tx;
  if (!tx.overwintered) return version < 1 ? violation("bad-txns-version-too-low", { version }) : undefined;
  if (version < OVERWINTER_VERSION) return violation("bad-tx-overwinter-version-too-low", { version });
  if (versionGroupId !== OVERWINTER_GROUP_ID && versionGroupId !== SAPLING_GROUP_ID) {
    return violation("bad-tx-version-group-id", { versionGroupId });
  }
  if (expiryHeight >= EXPIRY_HEIGHT_LIMIT)
    return violation("bad-tx-expiry-height-too-high", { expiryHeight });
  return undefined;
}

/** Something must go in and something must come out, transparent or not. */
function checkNotEmpty({ inputs, outputs, shielded }: OrdinaryTransaction): Violation | undefined {
  if (shielded.joinSplits.length > 0) return undefined;
  if (inputs.length === 0 && shielded.spends.length === 0) return violation("bad-txns-vin-empty");
  if (outputs.length === 0 && shielded.outputs.length === 0) return violation("bad-txns-vout-empty");
  return undefined;
}

function checkSize(tx: Transaction): Violation | undefined {
  const bytes = transactionSize(tx);
  return bytes > MAX_TRANSACTION_BYTES ? violation("bad-txns-oversize", { bytes }) : undefined;
}

function checkInputsDistinct({ inputs }: OrdinaryTransaction): Violation | undefined {
  if (inputs.length < 2) return undefined;
  const prevouts = inputs.map((input) => input.prevout).sort(compareOutpoints);
  const repeated = prevouts.some((prevout, i) => i > 0 && compareOutpoints(prevouts[i - 1]!, prevout) === 0);
  return repeated ? violation("bad-txns-inputs-duplicate") : undefined;
}

function checkNullifiersDistinct({ shielded }: OrdinaryTransaction): Violation | undefined {
  if (hasRepeats(shielded.joinSplits.flatMap(joinSplitNullifiers))) {
    return violation("bad-joinsplits-nullifiers-duplicate");
  }
  if (hasRepeats(shielded.spends.map(spendNullifier))) {
    return violation("bad-spend-description-nullifiers-duplicate");
  }
  return undefined;
}

function hasRepeats(hashes: Uint8Array[]): boolean {
  hashes.sort(compareBytes);
  return hashes.some((hash, i) => i > 0 && compareBytes(hashes[i - 1]!, hash) === 0);
}

/** A coinbase has no shielded part and a script of 2 to 100 bytes. */
function checkCoinbaseShape({ inputs, shielded }: OrdinaryTransaction): Violation | undefined {
  if (shielded.joinSplits.length > 0) return violation("bad-cb-has-joinsplits");
  if (shielded.spends.length > 0) return violation("bad-cb-has-spend-description");
  if (shielded.outputs.length > 0) return violation("bad-cb-has-output-description");
  const bytes = inputs[0]!.scriptSig.length;
  if (bytes < MIN_COINBASE_SCRIPT_BYTES || bytes > MAX_COINBASE_SCRIPT_BYTES) {
    return violation("bad-cb-length", { bytes });
  }
  return undefined;
}

function checkPrevoutsNamed({ inputs }: OrdinaryTransaction): Violation | undefined {
  const input = inputs.findIndex(({ prevout }) => isNullOutpoint(prevout));
  return input < 0 ? undefined : violation("bad-txns-prevout-null", { input });
}

/**
 * Joinsplit proofs, which fluxd verifies when a block is connected and when a transaction enters the pool. PHGR13 proofs
 * are accepted unseen. Source: fluxd src/main.cpp CheckTransaction, src/primitives/transaction.cpp SproutProofVerifier.
 */
export function checkJoinSplitProofs(
  tx: Transaction,
  groth16Valid: (joinSplit: JoinSplit, joinSplitPubKey: Uint8Array) => boolean,
): Violation | undefined {
  if (tx.kind !== "ordinary" || !usesGroth16(tx.overwintered, tx.version)) return undefined;
  const { joinSplits, joinSplitPubKey } = tx.shielded;
  const joinSplit = joinSplits.findIndex((each) => !groth16Valid(each, joinSplitPubKey));
  return joinSplit < 0 ? undefined : violation("bad-txns-joinsplit-verification-failed", { joinSplit });
}
