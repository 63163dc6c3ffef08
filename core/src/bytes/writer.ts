import { assert } from "../util/assert.ts";

const INITIAL_CAPACITY = 512;
const I64_MIN = -(2n ** 63n);
const I64_MAX = 2n ** 63n - 1n;
const U64_MAX = 2n ** 64n - 1n;

/**
 * Writes objects in their one canonical form into a buffer that grows by doubling and can be used again after
 * {@link reset}; a field allocates nothing. Integers are little-endian. Values out of a field's range are our own bug.
 * Source: fluxd src/serialize.h.
 */
export class Writer {
  /** Bytes written so far. */
  length: number;
  #bytes: Uint8Array;
  #view: DataView;

  constructor() {
    this.length = 0;
    this.#bytes = new Uint8Array(INITIAL_CAPACITY);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Forgets what was written. */
  reset(): this {
    this.length = 0;
    return this;
  }

  /** What was written, as a view that the next write or reset makes stale. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /** A copy of what was written. */
  copy(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  /** Makes room for `length` more bytes, counts them as written and returns where they begin. */
  #claim(length: number): number {
    const start = this.length;
    const end = start + length;
    if (end > this.#bytes.length) this.#grow(end);
    this.length = end;
    return start;
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** Low eight bits of `value`: signed and unsigned bytes alike. */
  u8(value: number): void {
    const at = this.#claim(1);
    this.#bytes[at] = value;
  }

  /** One byte, 0 or 1. */
  bool(value: boolean): void {
    this.u8(value ? 1 : 0);
  }

  /** Low sixteen bits of `value`. */
  u16(value: number): void {
    const at = this.#claim(2);
    this.#view.setUint16(at, value, true);
  }

  /** Low sixteen bits of `value`, the higher byte first. */
  u16BigEndian(value: number): void {
    const at = this.#claim(2);
    this.#view.setUint16(at, value, false);
  }

  /** Low 32 bits of `value`: signed and unsigned alike. */
  u32(value: number): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, value, true);
  }

  /** Eight bytes without a sign. */
  u64(value: bigint): void {
    assert(value >= 0n && value <= U64_MAX, `${value} does not fit 64 bits`);
    const at = this.#claim(8);
    this.#view.setBigUint64(at, value, true);
  }

  /** Eight bytes with a sign. */
  i64(value: bigint): void {
    assert(value >= I64_MIN && value <= I64_MAX, `${value} does not fit the 64 bits of an amount`);
    const at = this.#claim(8);
    this.#view.setBigInt64(at, value, true);
  }

  /** The bytes themselves, without their length. */
  bytes(value: Uint8Array): void {
    const at = this.#claim(value.length);
    this.#bytes.set(value, at);
  }

  /** CompactSize length, then the bytes. */
  varBytes(value: Uint8Array): void {
    this.compactSize(value.length);
    this.bytes(value);
  }

  /** The shortest form of `value`, which is below 2^32. Source: fluxd src/serialize.h WriteCompactSize. */
  compactSize(value: number): void {
    if (value < 0xfd) {
      this.u8(value);
    } else if (value <= 0xffff) {
      const at = this.#claim(3);
      this.#bytes[at] = 0xfd;
      this.#view.setUint16(at + 1, value, true);
    } else {
      assert(value <= 0xffff_ffff, `no size is as large as ${value}`);
      this.u8(0xfe);
      this.u32(value);
    }
  }

  /** CompactSize count, then each element by `writeElement`. */
  vector<T>(elements: readonly T[], writeElement: (writer: Writer, element: T) => void): void {
    this.compactSize(elements.length);
    for (const element of elements) writeElement(this, element);
  }
}
