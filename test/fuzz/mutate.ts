import type { Random } from "@fluxlab/core";

/** Bytes that stand for the ends of ranges, or begin a longer CompactSize. */
const TELLING_BYTES = Uint8Array.of(0, 1, 0x7f, 0x80, 0xfc, 0xfd, 0xfe, 0xff);

/** CompactSizes at and beyond what is allowed, and ones that promise more than any message holds. */
const ABSURD_SIZES = [
  Uint8Array.of(0xfd, 0xff, 0xff),
  Uint8Array.of(0xfd, 0xfc, 0x00),
  Uint8Array.of(0xfe, 0x00, 0x00, 0x00, 0x02),
  Uint8Array.of(0xfe, 0x01, 0x00, 0x00, 0x02),
  Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
];

/** Versions that lead to every layout, as they are on the wire. */
const VERSIONS = [
  Uint8Array.of(1, 0, 0, 0),
  Uint8Array.of(2, 0, 0, 0),
  Uint8Array.of(3, 0, 0, 0x80, 0x70, 0x82, 0xc4, 0x03),
  Uint8Array.of(4, 0, 0, 0x80, 0x85, 0x20, 0x2f, 0x89),
  Uint8Array.of(5, 0, 0, 0, 2),
  Uint8Array.of(5, 0, 0, 0, 4),
  Uint8Array.of(6, 0, 0, 0, 2, 1, 1, 0, 0),
  Uint8Array.of(6, 0, 0, 0, 2, 2, 1, 0, 0),
  Uint8Array.of(100, 0, 0, 0),
];

/** A buffer that is filled with one mutated input after another; nothing is allocated an input but its view. */
export class Mutator {
  readonly #random: Random;
  readonly #corpus: readonly Uint8Array[];
  readonly #buffer: Uint8Array;
  #length = 0;

  constructor(random: Random, corpus: readonly Uint8Array[], bytesMax: number) {
    this.#random = random;
    this.#corpus = corpus;
    this.#buffer = new Uint8Array(bytesMax);
  }

  /** A view of the next input; the one after it overwrites it. */
  next(): Uint8Array {
    const seed = this.#corpus[this.#random.below(this.#corpus.length)]!;
    this.#length = Math.min(seed.length, this.#buffer.length);
    this.#buffer.set(seed.subarray(0, this.#length));
    for (let left = 1 + this.#random.below(3); left > 0; left--) this.#mutate();
    return this.#buffer.subarray(0, this.#length);
  }

  #mutate(): void {
    const random = this.#random;
    if (this.#length === 0) return;
    const at = random.below(this.#length);
    switch (random.below(9)) {
      case 0:
      case 1:
        this.#buffer[at]! ^= 1 << random.below(8);
        break;
      case 2:
        this.#buffer[at] = TELLING_BYTES[random.below(TELLING_BYTES.length)]!;
        break;
      case 3:
        this.#length = at;
        break;
      case 4:
        this.#overwrite(at, ABSURD_SIZES[random.below(ABSURD_SIZES.length)]!);
        break;
      case 5:
        this.#overwrite(0, VERSIONS[random.below(VERSIONS.length)]!);
        break;
      case 6:
        this.#splice(at);
        break;
      case 7:
        this.#widen(at);
        break;
      default:
        this.#remove(at, 1 + random.below(Math.min(40, this.#length - at)));
    }
  }

  /** Puts `bytes` over what is at `at`, as far as there is room. */
  #overwrite(at: number, bytes: Uint8Array): void {
    const fits = Math.min(bytes.length, this.#buffer.length - at);
    this.#buffer.set(fits === bytes.length ? bytes : bytes.subarray(0, fits), at);
    this.#length = Math.max(this.#length, at + fits);
  }

  /** Replaces all from `at` on by the tail of some seed. */
  #splice(at: number): void {
    const other = this.#corpus[this.#random.below(this.#corpus.length)]!;
    const from = this.#random.below(other.length);
    this.#length = at;
    this.#overwrite(at, other.subarray(from));
  }

  /** Writes the byte at `at` as if it were a CompactSize in a longer form than it needs. */
  #widen(at: number): void {
    if (this.#length + 2 > this.#buffer.length) return;
    this.#buffer.copyWithin(at + 2, at, this.#length);
    this.#length += 2;
    this.#buffer[at + 1] = this.#buffer[at + 2]!;
    this.#buffer[at] = 0xfd;
    this.#buffer[at + 2] = 0;
  }

  #remove(at: number, count: number): void {
    this.#buffer.copyWithin(at, at + count, this.#length);
    this.#length -= count;
  }
}
