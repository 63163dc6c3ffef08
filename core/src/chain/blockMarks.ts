import { ABSENT, grownTo } from "../state/keyTable.ts";
import { assert } from "../util/assert.ts";
import type { HeaderTree } from "./headerTree.ts";

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

/** What is thought of all that lies below the root of the tree, where there is one branch. */
const FOLDED = KNOWN | HAS_CONTENT | LINKED | VALID;

const MIN_ROWS = 16;

/**
 * One node's marks on the rows of a header tree from its root upwards: nine bytes a row, and one shape however many nodes there
 * are.
 */
export class BlockMarks {
  #root: number;
  // By row less the root.
  #bits: Uint8Array;
  /** Content + 1; 0: none. */
  #content: Uint32Array;
  #sequence: Uint32Array;

  /** `root`: of the tree, now. */
  constructor(root: number) {
    this.#root = root;
    this.#bits = new Uint8Array();
    this.#content = new Uint32Array();
    this.#sequence = new Uint32Array();
  }

  /** Row from which on there are marks. */
  get root(): number {
    return this.#root;
  }

  /** The tree was folded: forgets the marks below its new root, and those on rows that it dropped. */
  fold(tree: HeaderTree): void {
    const rows = tree.root - this.#root;
    for (const column of [this.#bits, this.#content, this.#sequence]) {
      column.copyWithin(0, rows);
      column.fill(0, Math.max(0, column.length - rows));
    }
    this.#root = tree.root;
    for (let row = tree.root; row < tree.size; row++) if (!tree.isLive(row)) this.#forget(row);
    this.#shrink(tree.size - tree.root);
  }

  #forget(row: number): void {
    const at = row - this.#root;
    if (at >= this.#bits.length) return;
    this.#bits[at] = 0;
    this.#content[at] = 0;
    this.#sequence[at] = 0;
  }

  /** Whether the row has any of these marks. */
  has(row: number, marks: number): boolean {
    const bits = row < this.#root ? FOLDED : (this.#bits[row - this.#root] ?? 0);
    return (bits & marks) !== 0;
  }

  set(row: number, marks: number): void {
    const at = this.#roomFor(row);
    this.#bits[at]! |= marks;
  }

  clear(row: number, marks: number): void {
    const at = row - this.#root;
    if (at >= 0 && at < this.#bits.length) this.#bits[at]! &= ~marks;
  }

  /** Number of the content at hand, or {@link ABSENT}. */
  content(row: number): number {
    return row < this.#root ? ABSENT : (this.#content[row - this.#root] ?? 0) - 1;
  }

  /** {@link ABSENT} takes the content away. */
  setContent(row: number, content: number): void {
    const at = this.#roomFor(row);
    this.#content[at] = content + 1;
    if (content === ABSENT) this.clear(row, HAS_CONTENT);
    else this.set(row, HAS_CONTENT);
  }

  /** Place among the blocks in the order they were linked; those a node was restored with share 0. */
  sequence(row: number): number {
    return row < this.#root ? 0 : (this.#sequence[row - this.#root] ?? 0);
  }

  setSequence(row: number, sequence: number): void {
    const at = this.#roomFor(row);
    this.#sequence[at] = sequence;
  }

  /** Where a row's marks are. Grows by a quarter at a time: ten thousand nodes would feel the half that doubling leaves empty. */
  #roomFor(row: number): number {
    const at = row - this.#root;
    assert(at >= 0, "what is folded has no marks of its own");
    if (at < this.#bits.length) return at;
    const rows = Math.max(MIN_ROWS, at + 1, Math.ceil(this.#bits.length * 1.25));
    this.#bits = grownTo(this.#bits, rows, (length) => new Uint8Array(length));
    this.#content = grownTo(this.#content, rows, (length) => new Uint32Array(length));
    this.#sequence = grownTo(this.#sequence, rows, (length) => new Uint32Array(length));
    return at;
  }

  /** Gives back what a long window took. */
  #shrink(rows: number): void {
    const size = Math.max(MIN_ROWS, Math.ceil(rows * 1.25));
    if (this.#bits.length <= size * 2) return;
    this.#bits = this.#bits.slice(0, size);
    this.#content = this.#content.slice(0, size);
    this.#sequence = this.#sequence.slice(0, size);
  }
}
