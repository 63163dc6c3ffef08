import { blake2b } from "@noble/hashes/blake2.js";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { _SHA256, sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { assert } from "../util/assert.ts";

// The hashes of the Flux protocol. All digests are in wire order. Source: fluxd src/hash.h.

// Setting up a hasher costs a quarter of hashing a small transaction twice, so one is set up once and copied over a
// worker instead. Each use is over when the function returns.
const fresh = sha256.create();
const worker = sha256.create();
const inner = new Uint8Array(32);

/** SHA-256 of SHA-256: ids, merkle nodes, checksums, message digests. */
export function sha256d(data: Uint8Array): Uint8Array {
  fresh._cloneInto(worker).update(data).digestInto(inner);
  const digest = new Uint8Array(32);
  fresh._cloneInto(worker).update(inner).digestInto(digest);
  return digest;
}

/** RIPEMD-160 of SHA-256: key and script ids, 20 bytes. */
export const hash160 = (data: Uint8Array): Uint8Array => ripemd160(sha256(data));

/** A 16-byte BLAKE2b personalisation from 16 ASCII characters. */
export function personalisation(text: string): Uint8Array {
  const bytes = utf8ToBytes(text);
  assert(bytes.length === 16, `a personalisation has 16 bytes, "${text}" has ${bytes.length}`);
  return bytes;
}

/** Unkeyed BLAKE2b with a 32-byte digest under a 16-byte personalisation. */
export const blake2b256 = (data: Uint8Array, personal: Uint8Array): Uint8Array =>
  blake2b(data, { dkLen: 32, personalization: personal });

/** SHA-256's compression of one block from its initial state, which the library keeps to itself. */
class OneBlock extends _SHA256 {
  compress(left: Uint8Array, right: Uint8Array): Uint8Array {
    this.update(left).update(right); // 64 bytes: compressed at once, and no padding follows
    const digest = new Uint8Array(32);
    const view = new DataView(digest.buffer);
    for (const [word, value] of this.get().entries()) view.setInt32(word * 4, value);
    return digest;
  }
}

/**
 * Hash of two 32-byte hashes without the padding that marks a length: nodes of the Sprout note tree.
 * Source: fluxd src/zcash/IncrementalMerkleTree.cpp SHA256Compress::combine.
 */
export const sha256Compress = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  new OneBlock().compress(left, right);
