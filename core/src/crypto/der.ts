import { COMPACT_SIGNATURE_BYTES, type EcdsaBackend, type SecretKey } from "./ecdsa.ts";

// DER form of a signature: 30 length, 02 lengthR R, 02 lengthS S; R and S big-endian, positive, of shortest form.

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const SCALAR_BYTES = 32;

/** Longest DER signature: both integers of 33 bytes. */
export const MAX_DER_BYTES = 72;
/** Shortest one: both integers of one byte. */
const MIN_DER_BYTES = 8;

/**
 * Whether the bytes are one strict DER signature and nothing else; the integers may be of any value, up to what fits in
 * 72 bytes. Source: fluxd src/script/interpreter.cpp IsValidSignatureEncoding, less the hash type.
 */
export function isStrictDer(bytes: Uint8Array): boolean {
  const length = bytes.length;
  if (length < MIN_DER_BYTES || length > MAX_DER_BYTES) return false;
  if (bytes[0] !== SEQUENCE || bytes[1] !== length - 2) return false;
  const lengthR = bytes[3]!;
  if (5 + lengthR >= length) return false;
  const lengthS = bytes[5 + lengthR]!;
  if (lengthR + lengthS + 6 !== length) return false;
  return isInteger(bytes, 2, lengthR) && isInteger(bytes, 4 + lengthR, lengthS);
}

/** Tag at `at`, then a length already read, then a positive integer without a needless leading zero. */
function isInteger(bytes: Uint8Array, at: number, length: number): boolean {
  if (bytes[at] !== INTEGER || length === 0) return false;
  const first = bytes[at + 2]!;
  if ((first & 0x80) !== 0) return false;
  return length === 1 || first !== 0 || (bytes[at + 3]! & 0x80) !== 0;
}

/**
 * R and S of a strict DER signature in compact form, undefined for any other bytes. A value of more than 32 bytes becomes
 * zero, as in libsecp256k1; zero never verifies.
 */
export function compactFromDer(der: Uint8Array): Uint8Array | undefined {
  if (!isStrictDer(der)) return undefined;
  const compact = new Uint8Array(COMPACT_SIGNATURE_BYTES);
  const lengthR = der[3]!;
  copyScalar(der.subarray(4, 4 + lengthR), compact, 0);
  copyScalar(der.subarray(6 + lengthR), compact, SCALAR_BYTES);
  return compact;
}

function copyScalar(integer: Uint8Array, target: Uint8Array, offset: number): void {
  const digits = integer[0] === 0 ? integer.subarray(1) : integer;
  if (digits.length <= SCALAR_BYTES) target.set(digits, offset + SCALAR_BYTES - digits.length);
}

/** The strict DER form of a compact signature. */
export function derFromCompact(compact: Uint8Array): Uint8Array {
  const r = shortestInteger(compact.subarray(0, SCALAR_BYTES));
  const s = shortestInteger(compact.subarray(SCALAR_BYTES));
  return Uint8Array.of(SEQUENCE, 4 + r.length + s.length, INTEGER, r.length, ...r, INTEGER, s.length, ...s);
}

function shortestInteger(scalar: Uint8Array): number[] {
  let first = 0;
  while (first < SCALAR_BYTES - 1 && scalar[first] === 0) first++;
  const digits = [...scalar.subarray(first)];
  return (digits[0]! & 0x80) === 0 ? digits : [0, ...digits];
}

/**
 * Whether `der`, without a hash type byte, is a signature of `digest` by `publicKey`. What is not strict DER does not
 * verify; a high S does. Also how producers of proof-of-node blocks sign.
 * Source: fluxd src/pubkey.cpp CPubKey::Verify.
 */
export function verifyDer(
  ecdsa: EcdsaBackend,
  publicKey: Uint8Array,
  digest: Uint8Array,
  der: Uint8Array,
): boolean {
  const compact = compactFromDer(der);
  return compact !== undefined && ecdsa.verify(publicKey, digest, compact);
}

/** A signature that {@link verifyDer} accepts: deterministic, S low. Source: fluxd src/key.cpp CKey::Sign. */
export const signDer = (ecdsa: EcdsaBackend, secretKey: SecretKey, digest: Uint8Array): Uint8Array =>
  derFromCompact(ecdsa.sign(secretKey, digest).compact);
