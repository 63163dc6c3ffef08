// AssemblyScript. The hashes that one input is a list of, as in core/src/crypto/equihash/digests.ts.

import { compressBlock, compressSecondWord, initialWord, prepareFirstWord } from "./generated/blake2b";

const BLOCK_BYTES: u32 = 128;

/** Of the last block, what a header of 140 bytes fills; the number behind it ends two words, and all else is zero. */
const HEADER_TAIL: u32 = 12;

/** Digests in one group of the twist. */
const TWIST_GROUP: u32 = 16;

// A base: BLAKE2b that has read the input, waiting for a number. At these offsets it holds the state, the last block as far
// as it is known, how long that is, how many bytes came before it, and how far the last block of a
// header gets without the number.
const LAST_BLOCK: usize = 64;
const TAIL: usize = LAST_BLOCK + 2 * BLOCK_BYTES;
const READ: usize = TAIL + 4;
const PREPARED: usize = READ + 4;
const WORK: usize = PREPARED + 128;

/** Bytes of a base. Each thread has its own: blocks that are no header's are put together in it. */
export const BASE_BYTES: usize = WORK + 2 * BLOCK_BYTES + 64;

const ZCASH_POW: u64 = 0x576f50687361635a; // "ZcashPoW"
const ZEL_PROOF: u64 = 0x666f6f72506c655a; // "ZelProof"

/** The hasher of parameters (n, k) reads `length` bytes at `input`. */
export function readInput(base: usize, n: u32, k: u32, digestBytes: u32, input: usize, length: u32): void {
  for (let i = 0; i < 8; i++) store<u64>(base + 8 * i, initialWord(i));
  // Digest length, no key, one leaf, no tree; then the personalisation. Source: RFC 7693 §2.5, BLAKE2 parameter block.
  store<u64>(base, load<u64>(base) ^ 0x01010000 ^ digestBytes);
  const personal = n == 144 || n == 125 ? ZEL_PROOF : ZCASH_POW;
  store<u64>(base, load<u64>(base, 48) ^ personal, 48);
  store<u64>(base, load<u64>(base, 56) ^ ((<u64>k << 32) | n), 56);
  memory.fill(base + LAST_BLOCK, 0, 2 * BLOCK_BYTES);
  let read: u32 = 0;
  for (; read + BLOCK_BYTES <= length; read += BLOCK_BYTES) {
    compressBlock(base, input + read, read + BLOCK_BYTES, 0, base);
  }
  memory.copy(base + LAST_BLOCK, input + read, length - read);
  store<u32>(base + TAIL, length - read);
  store<u32>(base + READ, read);
  prepareFirstWord(base, load<u64>(base + LAST_BLOCK), length + 4, u64.MAX_VALUE, base + PREPARED);
}

/** H(number): 64 bytes at `out`, of which the digest is the first part. */
export function hashNumber(base: usize, number: u32, out: usize): void {
  const tail = load<u32>(base + TAIL);
  const block = base + LAST_BLOCK;
  if (tail == HEADER_TAIL) {
    const m1 = load<u64>(block, 8) | (<u64>number << 32);
    compressSecondWord(base, base + PREPARED, load<u64>(block), m1, out);
    return;
  }
  const counter: u64 = load<u32>(base + READ) + tail + 4;
  const work = base + WORK;
  memory.copy(work, block, 2 * BLOCK_BYTES);
  store<u32>(work + tail, number);
  if (tail + 4 <= BLOCK_BYTES) {
    compressBlock(base, work, counter, u64.MAX_VALUE, out);
    return;
  }
  const state = work + 2 * BLOCK_BYTES;
  compressBlock(base, work, load<u32>(base + READ) + BLOCK_BYTES, 0, state);
  compressBlock(state, work + BLOCK_BYTES, counter, u64.MAX_VALUE, out);
}

/** The twisted digest: the word-wise sum of H from the start of the number's group. `term` is 64 bytes of room. */
export function hashTwisted(base: usize, number: u32, out: usize, term: usize): void {
  const first = number & ~(TWIST_GROUP - 1);
  hashNumber(base, first, out);
  for (let each = first + 1; each <= number; each++) {
    hashNumber(base, each, term);
    addWords(out, term);
  }
}

/** Adds sixteen u32 at `term` to those at `sum`. */
export function addWords(sum: usize, term: usize): void {
  v128.store(sum, i32x4.add(v128.load(sum), v128.load(term)));
  v128.store(sum, i32x4.add(v128.load(sum, 16), v128.load(term, 16)), 16);
  v128.store(sum, i32x4.add(v128.load(sum, 32), v128.load(term, 32)), 32);
  v128.store(sum, i32x4.add(v128.load(sum, 48), v128.load(term, 48)), 48);
}

/** Sixteen bytes as two words, the first byte of each most significant. */
export function bigEndianPair(bytes: usize): v128 {
  return i8x16.swizzle(v128.load(bytes), i8x16(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
}
