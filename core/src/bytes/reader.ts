import { ParseError, type ParseFailure } from "./parseError.ts";

/** Largest value a CompactSize may carry, count or length. Source: fluxd src/serialize.h MAX_SIZE. */
export const MAX_COMPACT_SIZE = 0x0200_0000;

const NO_BYTES = new Uint8Array(0);

/**
 * A cursor over bytes from outside. Nothing it does throws or reads past the end: the first failure is remembered in
 * {@link error} and from then on every read returns zero or empty and moves nothing, so a caller reads a whole object
 * straight through and asks once at the end. Counts become 0 after a failure, so loops end too.
 *
 * Byte strings are views of the input, not copies: whoever keeps an object keeps its message, and must not write to it.
 * The methods take the field's name as a constant; the path is only put together when something fails.
 * Integers are little-endian. Source: fluxd src/serialize.h.
 */
export class Reader {
  /** Next byte to read, from the start of the input. */
  offset: number;
  /** The first failure, if any. */
  error: ParseError | undefined;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;

  constructor(bytes: Uint8Array) {
    this.offset = 0;
    this.error = undefined;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#end - this.offset;
  }

  get failed(): boolean {
    return this.error !== undefined;
  }

  /** Records a failure of `field` at `offset`, unless an earlier one is on record. */
  fail(reason: ParseFailure, field: string, offset: number): void {
    this.error ??= new ParseError(offset, field, reason);
  }

  /** Adds the enclosing field to the path of the failure on record. */
  failedIn(field: string): void {
    const inner = this.error;
    if (inner !== undefined)
      this.error = new ParseError(inner.offset, `${field}.${inner.field}`, inner.reason);
  }

  /** Moves past `length` bytes and returns where they begin, or -1 if the input has failed or ends before. */
  #take(length: number, field: string): number {
    const start = this.offset;
    if (this.error !== undefined) return -1;
    if (length > this.#end - start) {
      this.fail("endOfData", field, start);
      return -1;
    }
    this.offset = start + length;
    return start;
  }

  /** One byte, 0 .. 255. */
  u8(field: string): number {
    const at = this.#take(1, field);
    return at < 0 ? 0 : this.#bytes[at]!;
  }

  /** One byte with a sign. */
  i8(field: string): number {
    return (this.u8(field) << 24) >> 24;
  }

  /** Any byte but zero reads as true. */
  bool(field: string): boolean {
    return this.u8(field) !== 0;
  }

  /** Two bytes without a sign. */
  u16(field: string): number {
    const at = this.#take(2, field);
    return at < 0 ? 0 : this.#view.getUint16(at, true);
  }

  /** Two bytes without a sign, the higher first: ports, which fluxd writes in network order. */
  u16BigEndian(field: string): number {
    const at = this.#take(2, field);
    return at < 0 ? 0 : this.#view.getUint16(at, false);
  }

  /** Four bytes without a sign. */
  u32(field: string): number {
    const at = this.#take(4, field);
    return at < 0 ? 0 : this.#view.getUint32(at, true);
  }

  /** Four bytes with a sign. */
  i32(field: string): number {
    return this.u32(field) | 0;
  }

  /** Eight bytes without a sign. */
  u64(field: string): bigint {
    const at = this.#take(8, field);
    return at < 0 ? 0n : this.#view.getBigUint64(at, true);
  }

  /** Eight bytes with a sign. */
  i64(field: string): bigint {
    const at = this.#take(8, field);
    return at < 0 ? 0n : this.#view.getBigInt64(at, true);
  }

  /** A view of the next `length` bytes. */
  bytes(length: number, field: string): Uint8Array {
    const at = this.#take(length, field);
    return at < 0 ? NO_BYTES : new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + at, length);
  }

  /** A CompactSize length and that many bytes, as a view. */
  varBytes(field: string): Uint8Array {
    const length = this.compactSize(field);
    return length === 0 ? NO_BYTES : this.bytes(length, field);
  }

  /**
   * A length or count: at most {@link MAX_COMPACT_SIZE} and in its shortest form.
   * Source: fluxd src/serialize.h ReadCompactSize.
   */
  compactSize(field: string): number {
    const start = this.offset;
    const first = this.u8(field);
    if (first < 0xfd) return first;
    let size: number;
    let smallest: number;
    if (first === 0xfd) {
      size = this.u16(field);
      smallest = 0xfd;
    } else if (first === 0xfe) {
      size = this.u32(field);
      smallest = 0x1_0000;
    } else {
      size = this.u32(field) + this.u32(field) * 0x1_0000_0000; // may lose bits above 2^53; the comparisons below do not care
      smallest = 0x1_0000_0000;
    }
    // After a failure size is 0 and the first of these names a second reason, which `fail` drops.
    if (size < smallest) this.fail("nonCanonicalSize", field, start);
    else if (size > MAX_COMPACT_SIZE) this.fail("sizeTooLarge", field, start);
    else return size;
    return 0;
  }

  /**
   * A CompactSize count and that many elements, each at least `elementBytes` (> 0) long. The count is held against the
   * bytes that are left before any element is read, so a message cannot make us allocate more than a fixed multiple of
   * its own length.
   */
  vector<T>(field: string, elementBytes: number, readElement: (reader: Reader) => T): T[] {
    const start = this.offset;
    const count = this.compactSize(field);
    const elements: T[] = [];
    if (count * elementBytes > this.remaining) {
      this.fail("endOfData", field, start);
      return elements;
    }
    for (let i = 0; i < count; i++) {
      elements.push(readElement(this));
      if (this.error !== undefined) {
        this.failedIn(`${field}[${i}]`);
        break;
      }
    }
    return elements;
  }
}

/** Runs `read` over all of `bytes`; bytes after the object are left alone, as in fluxd. */
export function parse<T>(bytes: Uint8Array, read: (reader: Reader) => T): T | ParseError {
  const reader = new Reader(bytes);
  const value = read(reader);
  return reader.error ?? value;
}

/** Like {@link parse}, but bytes after the object are a failure: for callers that frame exactly one object. */
export function parseWhole<T>(bytes: Uint8Array, read: (reader: Reader) => T): T | ParseError {
  const reader = new Reader(bytes);
  const value = read(reader);
  if (reader.remaining > 0) reader.fail("trailingData", "end", reader.offset);
  return reader.error ?? value;
}
