import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { equalBytes } from "../bytes/compare.ts";

const { Point } = ed25519;

/** An integer from its bytes, least significant first. */
function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

/** The curve point of a canonical encoding, undefined for other bytes. */
function decodePoint(bytes: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined; // the library rejects by throwing: for bytes from outside that is an answer
  }
}

/**
 * Whether `signature` (64 bytes) is one of `message` by `publicKey` (32 bytes), by the letter of libsodium: S below the group
 * order, no points of small order, and the equation without the cofactor, so that R is recomputed and compared as bytes.
 * Implementations differ on such signatures, and consensus must not. Source: libsodium crypto_sign_verify_detached.
 */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const key = decodePoint(publicKey);
  if (s >= Point.Fn.ORDER || key === undefined || key.isSmallOrder()) return false;
  const challenge = littleEndian(sha512(concatBytes(r, publicKey, message))) % Point.Fn.ORDER;
  const recomputed = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(challenge));
  return !recomputed.isSmallOrder() && equalBytes(recomputed.toBytes(), r);
}
