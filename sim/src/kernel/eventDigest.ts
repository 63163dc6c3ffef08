import { RunDigest } from "./digest.ts";

// Primes of xxHash32 (Y. Collet), whose round is used here: a change of one word always changes its lane.
const PRIME_1 = 0x9e37_79b1 | 0;
const PRIME_2 = 0x85eb_ca77 | 0;

/**
 * A digest of every event of a run, for runs of millions of events a second: four lanes of xxHash32's round, and SHA-256 over
 * the lanes at the end. Nobody forges a run, so SHA-256 over every word ({@link RunDigest}) would only cost time.
 */
export class EventDigest {
  #a = 1;
  #b = 2;
  #c = 3;
  #d = 4;
  #rows = 0;

  /** Appends four words, each taken modulo 2^32. */
  row(a: number, b: number, c: number, d: number): void {
    this.#a = round(this.#a, a);
    this.#b = round(this.#b, b);
    this.#c = round(this.#c, c);
    this.#d = round(this.#d, d);
    this.#rows++;
  }

  /** Hex digest of all rows so far; rows may follow. */
  hex(): string {
    const digest = new RunDigest();
    digest.row(this.#a, this.#b, this.#c, this.#d);
    digest.row(this.#rows, this.#rows / 0x1_0000_0000, 0, 0);
    return digest.hex();
  }
}

function round(lane: number, word: number): number {
  const mixed = (lane + Math.imul(word, PRIME_2)) | 0;
  return Math.imul((mixed << 13) | (mixed >>> 19), PRIME_1);
}
