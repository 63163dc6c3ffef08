import { Reader } from "../bytes/reader.ts";
import type { U256 } from "../bytes/u256.ts";
import { Writer } from "../bytes/writer.ts";
import { type BlockHeader, readHeader, writeHeader } from "../primitives/header.ts";
import { ABSENT, grownTo } from "../state/keyTable.ts";
import { assert } from "../util/assert.ts";

const WORK_LIMBS = 8;
const MIN_HEADERS = 16;
/** Headers whose bytes lie in one array: a full page is never copied again. */
const PAGE_HEADERS = 256;

/**
 * The one branch that all nodes agreed on, below the root of a header tree: headers by height, as bytes, and in columns what
 * rules look back for. Only grows.
 */
export class FoldedHeaders {
  readonly #lowest: number;
  #size: number;
  // Below by height less that of the lowest.
  /** Row of the header tree. */
  #row: Int32Array;
  #time: Uint32Array;
  #bits: Uint32Array;
  #work: Uint32Array;
  /** Where a header's bytes end in their page. */
  #end: Uint32Array;
  readonly #fullPages: Uint8Array[];
  readonly #lastPage: Writer;
  /** Height by row of the tree, {@link ABSENT} for the dropped: all rows below the root. */
  #heightOf: Int32Array;

  /** `lowest`: height of the first header that will be taken in. */
  constructor(lowest: number) {
    this.#lowest = lowest;
    this.#size = 0;
    this.#row = new Int32Array();
    this.#time = new Uint32Array();
    this.#bits = new Uint32Array();
    this.#work = new Uint32Array();
    this.#end = new Uint32Array();
    this.#fullPages = [];
    this.#lastPage = new Writer();
    this.#heightOf = new Int32Array();
  }

  /** Headers kept. */
  get size(): number {
    return this.#size;
  }

  /** Heights of all headers kept are below it. */
  get end(): number {
    return this.#lowest + this.#size;
  }

  /** Takes in the next header, found at `row` of the tree until now. `work`: of the chain up to it. */
  push(header: BlockHeader, row: number, work: U256): void {
    const at = this.#size++;
    this.#makeRoom(this.#size);
    this.#row[at] = row;
    this.#time[at] = header.time;
    this.#bits[at] = header.bits;
    this.#work.set(work, at * WORK_LIMBS);
    writeHeader(this.#lastPage, header);
    this.#end[at] = this.#lastPage.length;
    if (this.#size % PAGE_HEADERS !== 0) return;
    this.#fullPages.push(this.#lastPage.copy());
    this.#lastPage.reset();
  }

  #makeRoom(headers: number): void {
    if (headers <= this.#row.length) return;
    const size = Math.max(MIN_HEADERS, Math.ceil(headers * 1.25));
    this.#row = grownTo(this.#row, size, (length) => new Int32Array(length));
    this.#time = grownTo(this.#time, size, (length) => new Uint32Array(length));
    this.#bits = grownTo(this.#bits, size, (length) => new Uint32Array(length));
    this.#work = grownTo(this.#work, size * WORK_LIMBS, (length) => new Uint32Array(length));
    this.#end = grownTo(this.#end, size, (length) => new Uint32Array(length));
  }

  /** Rows from `from` up to `to`, exclusive, are no longer the tree's: those that were not taken in are dropped. */
  closeRows(from: number, to: number): void {
    if (to > this.#heightOf.length) {
      const size = Math.max(MIN_HEADERS, Math.ceil(to * 1.25));
      this.#heightOf = grownTo(this.#heightOf, size, (length) => new Int32Array(length));
    }
    this.#heightOf.fill(ABSENT, from, to);
    for (let at = this.#size - 1; at >= 0 && this.#row[at]! >= from; at--)
      this.#heightOf[this.#row[at]!] = this.#lowest + at;
  }

  /** Height of a row below the root, or {@link ABSENT} if it was dropped. */
  heightOf(row: number): number {
    return this.#heightOf[row]!;
  }

  row(height: number): number {
    return this.#row[height - this.#lowest]!;
  }

  /** Unix seconds, u32. */
  time(height: number): number {
    return this.#time[height - this.#lowest]!;
  }

  /** Compact target, u32. */
  bits(height: number): number {
    return this.#bits[height - this.#lowest]!;
  }

  /** A window on the column, to be read only. */
  work(height: number): U256 {
    const at = height - this.#lowest;
    return this.#work.subarray(at * WORK_LIMBS, (at + 1) * WORK_LIMBS) as U256;
  }

  /** Reads the header anew. */
  header(height: number): BlockHeader {
    const at = height - this.#lowest;
    const page = this.#fullPages[Math.floor(at / PAGE_HEADERS)] ?? this.#lastPage.view();
    const start = at % PAGE_HEADERS === 0 ? 0 : this.#end[at - 1]!;
    // A copy: what is read are views of the bytes, and the last page's are written over.
    const reader = new Reader(page.slice(start, this.#end[at]!));
    const header = readHeader(reader);
    assert(!reader.failed, "what was written reads back");
    return header;
  }
}
