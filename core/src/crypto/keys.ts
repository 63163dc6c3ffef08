import { hash160 } from "../bytes/hash.ts";
import { publicKeySize } from "../primitives/fluxnodeTx.ts";
import type { EcdsaBackend, SecretKey } from "./ecdsa.ts";

/** A secret key and the form its public key is written in, which decides its address. */
export interface KeyPair {
  readonly secretKey: SecretKey;
  readonly compressed: boolean;
  /** SEC form, 33 or 65 bytes. */
  readonly publicKey: Uint8Array;
}

/** A secret key with its public key, in the form its addresses are made from. */
export const keyPair = (ecdsa: EcdsaBackend, secretKey: SecretKey, compressed = true): KeyPair => ({
  secretKey,
  compressed,
  publicKey: ecdsa.publicKey(secretKey, compressed),
});

/** HASH160 of a public key's SEC form: 20 bytes. The two forms of one key have different ids. */
export const keyId = (publicKey: Uint8Array): Uint8Array => hash160(publicKey);

/**
 * Whether the bytes have the length of the SEC form their first byte names; nothing is said about the curve.
 * Source: fluxd src/pubkey.h CPubKey::Set, IsValid.
 */
export function isPublicKeyForm(bytes: Uint8Array): boolean {
  const size = publicKeySize(bytes[0]);
  return size !== 0 && bytes.length === size;
}
