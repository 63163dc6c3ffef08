import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";

// Keys at rest: a random master key encrypts every secret, and a key stretched from the passphrase encrypts the master key, so
// that changing the passphrase changes one line. AES-256-GCM, so a wrong passphrase or a damaged file is noticed.

/** How a passphrase was stretched, and the master key under it. All bytes in base 64. */
export interface SealedMaster {
  readonly salt: string;
  /** scrypt's N; r is 8 and p is 1. */
  readonly cost: number;
  readonly sealed: string;
}

/** About 100 ms and 64 MiB. */
const SCRYPT_COST = 2 ** 16;
const SCRYPT_BLOCK = 8;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function stretch(passphrase: string, salt: Uint8Array, cost: number): Buffer {
  const maxmem = 256 * SCRYPT_BLOCK * cost;
  return scryptSync(passphrase.normalize("NFKC"), salt, KEY_BYTES, {
    N: cost,
    r: SCRYPT_BLOCK,
    p: 1,
    maxmem,
  });
}

/** Nonce, tag, cipher text. */
export function seal(key: Uint8Array, secret: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const text = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64");
}

/** Undefined if this key did not seal it. */
export function unseal(key: Uint8Array, sealed: string): Uint8Array | undefined {
  const bytes = Buffer.from(sealed, "base64");
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const cipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES));
  cipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const text = [cipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), cipher.final()];
    return new Uint8Array(Buffer.concat(text));
  } catch {
    return undefined;
  }
}

/** A new random master key. */
export const newMaster = (): Uint8Array => new Uint8Array(randomBytes(KEY_BYTES));

/** The master key under a passphrase. `cost`: for tests, which have no time. */
export function sealMaster(master: Uint8Array, passphrase: string, cost = SCRYPT_COST): SealedMaster {
  const salt = randomBytes(16);
  return { salt: salt.toString("base64"), cost, sealed: seal(stretch(passphrase, salt, cost), master) };
}

/** Undefined for the wrong passphrase. */
export const openMaster = (
  { salt, cost, sealed }: SealedMaster,
  passphrase: string,
): Uint8Array | undefined => unseal(stretch(passphrase, Buffer.from(salt, "base64"), cost), sealed);
