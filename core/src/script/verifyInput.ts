import { verifyDer } from "../crypto/der.ts";
import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import { isPublicKeyForm } from "../crypto/keys.ts";
import { FINAL_SEQUENCE, LOCK_TIME_THRESHOLD, type TxOutput } from "../primitives/transaction.ts";
import type { SignatureChecker } from "./checker.ts";
import type { ScriptFlags } from "./flags.ts";
import type { ScriptError } from "./scriptError.ts";
import type { SignatureHasher } from "./sighash.ts";
import { withoutHashType } from "./signatureEncoding.ts";
import { verifyScript } from "./verify.ts";

/**
 * Answers scripts about input `index` of the hasher's transaction, which spends an output of `amount` satoshi.
 * Source: fluxd src/script/interpreter.cpp TransactionSignatureChecker.
 */
export function inputChecker(
  hasher: SignatureHasher,
  index: number,
  amount: bigint,
  ecdsa: EcdsaBackend,
): SignatureChecker {
  const { tx } = hasher;
  return {
    checkSignature(signature, publicKey, scriptCode) {
      if (signature.length === 0 || !isPublicKeyForm(publicKey)) return false;
      const hashType = signature[signature.length - 1]!;
      const digest = hasher.digest({ index, scriptCode, amount }, hashType);
      return digest !== undefined && verifyDer(ecdsa, publicKey, digest, withoutHashType(signature));
    },
    checkLockTime(lockTime) {
      const sameKind = lockTime < LOCK_TIME_THRESHOLD === tx.lockTime < LOCK_TIME_THRESHOLD;
      return sameKind && lockTime <= tx.lockTime && tx.inputs[index]!.sequence !== FINAL_SEQUENCE;
    },
  };
}

/** Whether input `index` may spend `spent`: undefined if so, else why not. */
export function verifyInput(
  hasher: SignatureHasher,
  index: number,
  spent: TxOutput,
  flags: ScriptFlags,
  ecdsa: EcdsaBackend,
): ScriptError | undefined {
  const { scriptSig } = hasher.tx.inputs[index]!;
  return verifyScript(scriptSig, spent.scriptPubKey, flags, inputChecker(hasher, index, spent.value, ecdsa));
}
