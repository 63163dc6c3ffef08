import { compactFromDer } from "../crypto/der.ts";
import { hasHighS } from "../crypto/ecdsa.ts";
import { isPublicKeyForm } from "../crypto/keys.ts";
import { SCRIPT_FLAG, type ScriptFlags } from "./flags.ts";
import type { ScriptError } from "./scriptError.ts";

// Form of the operands of CHECKSIG and CHECKMULTISIG, tested before anything is verified. A failure ends the script.

const SIGHASH_ANYONECANPAY = 0x80;
const SIGHASH_ALL = 1;
const SIGHASH_SINGLE = 3;

/** The signature without its last byte, which is the hash type. */
export const withoutHashType = (signature: Uint8Array): Uint8Array =>
  signature.subarray(0, signature.length - 1);

/**
 * Strict DER at all times; other flags by choice. An empty signature is well formed and verifies nothing.
 * Source: fluxd src/script/interpreter.cpp CheckSignatureEncoding.
 */
export function signatureEncodingError(signature: Uint8Array, flags: ScriptFlags): ScriptError | undefined {
  if (signature.length === 0) return undefined;
  const compact = compactFromDer(withoutHashType(signature));
  if (compact === undefined) return "sigDer";
  if ((flags & SCRIPT_FLAG.LOW_S) !== 0 && hasHighS(compact)) return "sigHighS";
  if ((flags & SCRIPT_FLAG.STRICTENC) !== 0 && !isDefinedHashType(signature)) return "sigHashType";
  return undefined;
}

/** Source: fluxd src/script/interpreter.cpp IsDefinedHashtypeSignature. */
function isDefinedHashType(signature: Uint8Array): boolean {
  const base = signature[signature.length - 1]! & ~SIGHASH_ANYONECANPAY;
  return base >= SIGHASH_ALL && base <= SIGHASH_SINGLE;
}

/** Source: fluxd src/script/interpreter.cpp CheckPubKeyEncoding, IsCompressedOrUncompressedPubKey. */
export function publicKeyEncodingError(publicKey: Uint8Array, flags: ScriptFlags): ScriptError | undefined {
  if ((flags & SCRIPT_FLAG.STRICTENC) === 0) return undefined;
  const isHybrid = publicKey.length > 0 && publicKey[0]! >= 6;
  return isPublicKeyForm(publicKey) && !isHybrid ? undefined : "pubkeyType";
}
