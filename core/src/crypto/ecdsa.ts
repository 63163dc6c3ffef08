// secp256k1 as Flux uses it, behind one interface, so that a host with a faster library can hand it in.

/** Bytes of R and S in compact form, each big-endian. */
export const COMPACT_SIGNATURE_BYTES = 64;

/** 0..3: bit 0 is the parity of the nonce point's Y, bit 1 says that its X was R plus the group order. */
export type RecoveryId = 0 | 1 | 2 | 3;

/** R and S, 32 bytes each, big-endian, and which of the keys that fit them is the signer's. */
export interface RecoverableSignature {
  /** 64 bytes, S low. */
  readonly compact: Uint8Array;
  readonly recoveryId: RecoveryId;
}

/**
 * The curve's arithmetic. Digests have 32 bytes and compact signatures 64; any such bytes may be given, and any bytes at
 * all as a public key. Nothing here throws because of them. All implementations give the same answers.
 */
export interface EcdsaBackend {
  /**
   * Whether `compact` is a signature of `digest` by `publicKey` (SEC form). High S is accepted, so are hybrid keys
   * (first byte 06 or 07) whose parity bit is right; R or S outside 1 .. order - 1 and points off the curve are not.
   * Source: fluxd src/pubkey.cpp CPubKey::Verify.
   */
  verify(publicKey: Uint8Array, digest: Uint8Array, compact: Uint8Array): boolean;
  /**
   * Signs with the nonce of RFC 6979 (no extra data) and low S. `secretKey` is valid, or it is our bug.
   * Source: fluxd src/key.cpp CKey::Sign, CKey::SignCompact.
   */
  sign(secretKey: SecretKey, digest: Uint8Array): RecoverableSignature;
  /**
   * The public key that made `compact`, in SEC form, or undefined if there is none. High S is accepted.
   * Source: fluxd src/pubkey.cpp CPubKey::RecoverCompact.
   */
  recover(
    digest: Uint8Array,
    compact: Uint8Array,
    recoveryId: RecoveryId,
    compressed: boolean,
  ): Uint8Array | undefined;
  /** SEC form of the public key of `secretKey`: 33 bytes compressed, else 65. */
  publicKey(secretKey: SecretKey, compressed: boolean): Uint8Array;
  /** Whether `publicKey` is a SEC form, hybrid ones included, of a point on the curve. */
  isOnCurve(publicKey: Uint8Array): boolean;
}

declare const secret: unique symbol;

/** 32 bytes, big-endian, in 1 .. order - 1. */
export type SecretKey = Uint8Array & { readonly [secret]: "secretKey" };

/** The group order, big-endian. Source: SEC 2, secp256k1. */
const ORDER = [
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae,
  0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];

/** Half the group order, rounded down: the largest low S. Source: fluxd src/key.cpp, eccrypto::order. */
const HALF_ORDER = [
  0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57,
  0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
];

/** Sign of a - b, both 32 bytes big-endian, `a` from `offset`. */
function compareScalar(a: Uint8Array, offset: number, b: readonly number[]): number {
  for (let i = 0; i < 32; i++) {
    const difference = a[offset + i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A secret key from outside: undefined unless it is 32 bytes in 1 .. order - 1. Source: fluxd src/key.cpp CKey::Check. */
export function parseSecretKey(bytes: Uint8Array): SecretKey | undefined {
  if (bytes.length !== 32 || bytes.every((byte) => byte === 0)) return undefined;
  return compareScalar(bytes, 0, ORDER) < 0 ? (bytes as SecretKey) : undefined;
}

/**
 * Whether S of a compact signature is more than half the order, so that order - S would do as well. What is not below the
 * order is not high: libsecp256k1 has made it zero. Source: fluxd src/pubkey.cpp CPubKey::CheckLowS.
 */
export const hasHighS = (compact: Uint8Array): boolean =>
  compareScalar(compact, 32, HALF_ORDER) > 0 && compareScalar(compact, 32, ORDER) < 0;
