import { assert } from "@fluxlab/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const BUFFER_WORDS = 16_384;

/** Typed arrays use the host's byte order; every engine that runs JavaScript today is little-endian. Say so if not. */
assert(
  new Uint8Array(new Uint32Array([1]).buffer)[0] === 1,
  "the host is little-endian: digests are over u32 words in memory order",
);

/**
 * SHA-256 over a stream of 32-bit words (little-endian): everything a run delivered, in order. Two runs that agree on it
 * did the same things. Words are buffered, so a row costs a few stores.
 */
export class RunDigest {
  readonly #hash = sha256.create();
  readonly #words = new Uint32Array(BUFFER_WORDS);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  #length = 0;

  /** Appends four words, each taken modulo 2^32. */
  row(a: number, b: number, c: number, d: number): void {
    const words = this.#words;
    const at = this.#length;
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    words[at + 3] = d;
    this.#length = at + 4;
    if (this.#length === BUFFER_WORDS) this.#flush();
  }

  /** Appends a row that carries an amount: `tag`, an index, and the amount's low and high words. */
  amount(tag: number, index: number, amount: bigint): void {
    this.row(tag, index, Number(amount & 0xffff_ffffn), Number((amount >> 32n) & 0xffff_ffffn));
  }

  /** Hex digest of all rows so far; rows may follow. */
  hex(): string {
    this.#flush();
    return bytesToHex(this.#hash.clone().digest());
  }

  #flush(): void {
    this.#hash.update(this.#bytes.subarray(0, this.#length * 4));
    this.#length = 0;
  }
}
