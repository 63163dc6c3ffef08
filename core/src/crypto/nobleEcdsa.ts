import { secp256k1 } from "@noble/curves/secp256k1.js";
import { assert } from "../util/assert.ts";
import type { EcdsaBackend, RecoverableSignature, RecoveryId, SecretKey } from "./ecdsa.ts";
import { isPublicKeyForm } from "./keys.ts";

const { Point, Signature } = secp256k1;

/** Whether `publicKey` has the length its first byte calls for and, if hybrid, the parity too. */
function wellFormed(publicKey: Uint8Array): boolean {
  if (!isPublicKeyForm(publicKey)) return false;
  const first = publicKey[0]!;
  return first < 6 || (first & 1) === (publicKey[64]! & 1);
}

/** Noble knows no hybrid keys; once the parity is checked they differ from plain ones in the first byte only. */
function plainForm(publicKey: Uint8Array): Uint8Array {
  if (publicKey[0]! < 6) return publicKey;
  const plain = publicKey.slice();
  plain[0] = 4;
  return plain;
}

/** For inputs noble rejects by throwing: a wrong point or scalar is an answer here, not an error. */
function orElse<T>(answer: () => T, otherwise: T): T {
  try {
    return answer();
  } catch {
    return otherwise;
  }
}

/**
 * The curve in TypeScript, on every host. Where a host has randomness noble uses it to blind the arithmetic of signing;
 * the signatures do not depend on it.
 */
export const nobleEcdsa: EcdsaBackend = {
  verify(publicKey, digest, compact) {
    if (!wellFormed(publicKey)) return false;
    return secp256k1.verify(compact, digest, plainForm(publicKey), { prehash: false, lowS: false });
  },

  sign(secretKey, digest): RecoverableSignature {
    assert(digest.length === 32, `a digest has 32 bytes, not ${digest.length}`);
    const signed = secp256k1.sign(digest, secretKey, { prehash: false, lowS: true, format: "recovered" });
    return { compact: signed.subarray(1), recoveryId: signed[0]! as RecoveryId };
  },

  recover(digest, compact, recoveryId, compressed) {
    const recovered = (): Uint8Array =>
      Signature.fromBytes(compact, "compact")
        .addRecoveryBit(recoveryId)
        .recoverPublicKey(digest)
        .toBytes(compressed);
    return orElse<Uint8Array | undefined>(recovered, undefined);
  },

  publicKey: (secretKey: SecretKey, compressed) => secp256k1.getPublicKey(secretKey, compressed),

  isOnCurve(publicKey) {
    if (!wellFormed(publicKey)) return false;
    return orElse(() => !Point.fromBytes(plainForm(publicKey)).is0(), false);
  },
};
