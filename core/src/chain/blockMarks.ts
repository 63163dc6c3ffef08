import { ABSENT, grownTo } from "../state/keyTable.ts";

// What a node knows and thinks of a block, as bits.

/** The header was accepted. */
export const KNOWN = 1;
/** A content is at hand. */
export const HAS_CONTENT = 2;
/** This block's content and those of all its ancestors are at hand. */
export const LINKED = 4;
/** Connects on its parent's state, as do its ancestors. */
export const VALID = 8;
/** Breaks a rule, or was invalidated by hand. */
export const FAILED = 16;
/** Descends from a failed block. */
export const FAILED_CHILD = 32;
/** Cannot be judged, or descends from a block that cannot. */
export const UNDECIDED = 64;

/** What keeps a block from being followed. */
export const BARRED: number = FAILED | FAILED_CHILD | UNDECIDED;

const MIN_ROWS = 16;

/** One node's marks on the rows of a header tree: nine bytes a row, and one shape however many nodes there are. */
export class BlockMarks {
  #bits: Uint8Array;
  /** Content + 1; 0: none. */
  #content: Uint32Array;
  #sequence: Uint32Array;

  constructor() {
    this.#bits = new Uint8Array();
    this.#content = new Uint32Array();
    this.#sequence = new Uint32Array();
  }

  /** Whether the row has any of these marks. */
  has(row: number, marks: number): boolean {
    return ((this.#bits[row] ?? 0) & marks) !== 0;
  }

  set(row: number, marks: number): void {
    this.#makeRoom(row);
    this.#bits[row]! |= marks;
  }

  clear(row: number, marks: number): void {
    if (row < this.#bits.length) this.#bits[row]! &= ~marks;
  }

  /** Number of the content at hand, or {@link ABSENT}. */
  content(row: number): number {
    return (this.#content[row] ?? 0) - 1;
  }

  /** {@link ABSENT} takes the content away. */
  setContent(row: number, content: number): void {
    this.#makeRoom(row);
    this.#content[row] = content + 1;
    if (content === ABSENT) this.clear(row, HAS_CONTENT);
    else this.set(row, HAS_CONTENT);
  }

  /** Place among the blocks in the order they were linked; those a node was restored with share 0. */
  sequence(row: number): number {
    return this.#sequence[row] ?? 0;
  }

  setSequence(row: number, sequence: number): void {
    this.#makeRoom(row);
    this.#sequence[row] = sequence;
  }

  /** By a quarter at a time: ten thousand nodes would feel the half that doubling leaves empty. */
  #makeRoom(row: number): void {
    if (row < this.#bits.length) return;
    const rows = Math.max(MIN_ROWS, row + 1, Math.ceil(this.#bits.length * 1.25));
    this.#bits = grownTo(this.#bits, rows, (length) => new Uint8Array(length));
    this.#content = grownTo(this.#content, rows, (length) => new Uint32Array(length));
    this.#sequence = grownTo(this.#sequence, rows, (length) => new Uint32Array(length));
  }
}
