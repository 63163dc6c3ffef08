import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import xorshift7 from "seedrandom/lib/xorshift7.js";
import { assert } from "./assert.ts";
import { ln } from "./exactMath.ts";

/** Draws 32 random bits, 0 .. 2^32 - 1. */
export type Bits32 = () => number;

/** Uniform integer in 0 .. bound - 1; `bound` is 1 .. 2^32. Rejects draws that would favour small values. */
export function uniformBelow(bits32: Bits32, bound: number): number {
  assert(Number.isInteger(bound) && bound >= 1 && bound <= 0x1_0000_0000, `below(${bound}): 1..2^32`);
  const unfair = 0x1_0000_0000 % bound;
  let draw = bits32();
  while (draw < unfair) draw = bits32();
  return draw % bound;
}

/** Puts the elements of `items` in a uniformly random order, in place (Fisher and Yates). */
export function shuffle(bits32: Bits32, items: Uint32Array | Int32Array | Uint8Array | unknown[]): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = uniformBelow(bits32, i + 1);
    const moved = items[i];
    items[i] = items[j] as never;
    items[j] = moved as never;
  }
}

/**
 * A named stream of chance. Equal (seed, label) gives equal draws on every engine: all draws are integers, and
 * streams are independent, so a new draw in one place leaves every other stream alone.
 */
export class Random {
  readonly #seed: string;
  readonly #generator: { int32(): number };
  readonly #draw: Bits32;

  private constructor(seed: string) {
    this.#seed = seed;
    // The generator mixes its seed text weakly, so it is given a hash: labels that differ by one letter then share nothing.
    this.#generator = xorshift7(bytesToHex(sha256(utf8ToBytes(seed))));
    this.#draw = () => this.bits32();
  }

  /** The root stream of a run; `seed` is any text, usually a decimal number. */
  static root(seed: string): Random {
    return new Random(seed);
  }

  /** A stream of its own for `label`. Depends on this stream's name, not on what was drawn from it. */
  fork(label: string): Random {
    return new Random(`${this.#seed}/${label}`);
  }

  /** 32 random bits, 0 .. 2^32 - 1. */
  bits32(): number {
    return this.#generator.int32() >>> 0;
  }

  /** See {@link uniformBelow}. */
  below(bound: number): number {
    return uniformBelow(this.#draw, bound);
  }

  /** True with probability numerator / denominator. */
  chance(numerator: number, denominator: number): boolean {
    return this.below(denominator) < numerator;
  }

  /** Whole number drawn from an exponential distribution with the given mean, rounded down; at least 0. */
  exponential(mean: number): number {
    // (draw + 1) / 2^32 lies in (0, 1]: ln never sees 0.
    return Math.floor(-ln((this.bits32() + 1) / 0x1_0000_0000) * mean);
  }

  /** Drawn from a normal distribution with mean 0 and standard deviation 1 (Marsaglia's polar method: no sine, no cosine). */
  normal(): number {
    for (;;) {
      const x = this.bits32() / 0x8000_0000 - 1;
      const y = this.bits32() / 0x8000_0000 - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) return x * Math.sqrt((-2 * ln(square)) / square);
    }
  }

  /** Index of a weight, each with a chance in proportion to it. `heaviest` is at least the largest, whole, at most 2^32. */
  weighted(weights: ArrayLike<number>, heaviest: number): number {
    for (;;) {
      const index = this.below(weights.length);
      if (this.below(heaviest) < weights[index]!) return index;
    }
  }

  /** See {@link shuffle}. */
  shuffle(items: Uint32Array | Int32Array | Uint8Array | unknown[]): void {
    shuffle(this.#draw, items);
  }
}
