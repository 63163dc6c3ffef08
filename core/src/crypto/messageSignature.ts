import { utf8ToBytes } from "@noble/hashes/utils.js";
import { equalBytes } from "../bytes/compare.ts";
import { sha256d } from "../bytes/hash.ts";
import { Writer } from "../bytes/writer.ts";
import { COMPACT_SIGNATURE_BYTES, type EcdsaBackend, type RecoveryId } from "./ecdsa.ts";
import { type KeyPair, keyId } from "./keys.ts";

// Signatures of texts, from which the signer's key can be recovered. Also how FluxNode transactions are signed.
// Source: fluxd src/rpc/misc.cpp verifymessage, src/key.cpp SignCompact, src/pubkey.cpp RecoverCompact.

// The magic is hashed in front of every message and keeps a signed text from being a signed transaction.

/** fluxd's own, on every network. Source: fluxd src/main.cpp strMessageMagic. */
export const FLUX_MESSAGE_MAGIC = "Zelcash Signed Message:\n";

/** Of FluxOS logins ("ZelID") and application owners, whose identities are Bitcoin addresses. Source: flux signatureVerifier.js. */
export const ZELID_MESSAGE_MAGIC = "Bitcoin Signed Message:\n";

/** Either of the two magics. */
export type MessageMagic = typeof FLUX_MESSAGE_MAGIC | typeof ZELID_MESSAGE_MAGIC;

/** Header byte, R, S. */
export const MESSAGE_SIGNATURE_BYTES = 1 + COMPACT_SIGNATURE_BYTES;

const FIRST_HEADER = 27;
const COMPRESSED_BIT = 4;

/** What is signed: SHA256d of magic and message, each with its length before it. */
export function messageDigest(message: Uint8Array, magic: MessageMagic = FLUX_MESSAGE_MAGIC): Uint8Array {
  const writer = new Writer();
  writer.varBytes(utf8ToBytes(magic));
  writer.varBytes(message);
  return sha256d(writer.view());
}

/** 65 bytes: the header tells the recovery id and the form of the signer's key. */
export function signMessage(
  ecdsa: EcdsaBackend,
  key: Pick<KeyPair, "secretKey" | "compressed">,
  message: Uint8Array,
  magic: MessageMagic = FLUX_MESSAGE_MAGIC,
): Uint8Array {
  const { compact, recoveryId } = ecdsa.sign(key.secretKey, messageDigest(message, magic));
  const signature = new Uint8Array(MESSAGE_SIGNATURE_BYTES);
  signature[0] = FIRST_HEADER + recoveryId + (key.compressed ? COMPRESSED_BIT : 0);
  signature.set(compact, 1);
  return signature;
}

/**
 * The key that signed, in the form the header names; undefined if the signature has another length or no key fits it.
 * Headers count modulo 8, and high S is accepted. Source: fluxd src/pubkey.cpp CPubKey::RecoverCompact.
 */
export function recoverMessageKey(
  ecdsa: EcdsaBackend,
  message: Uint8Array,
  signature: Uint8Array,
  magic: MessageMagic = FLUX_MESSAGE_MAGIC,
): Uint8Array | undefined {
  if (signature.length !== MESSAGE_SIGNATURE_BYTES) return undefined;
  const header = signature[0]! - FIRST_HEADER;
  const compact = signature.subarray(1);
  const compressed = (header & COMPRESSED_BIT) !== 0;
  return ecdsa.recover(messageDigest(message, magic), compact, (header & 3) as RecoveryId, compressed);
}

/**
 * Whether the owner of `expectedKeyId` signed. Source: fluxd src/fluxnode/obfuscation.cpp CObfuScationSigner::VerifyMessage.
 */
export function verifyMessage(
  ecdsa: EcdsaBackend,
  expectedKeyId: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  magic: MessageMagic = FLUX_MESSAGE_MAGIC,
): boolean {
  const key = recoverMessageKey(ecdsa, message, signature, magic);
  return key !== undefined && equalBytes(keyId(key), expectedKeyId);
}
