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

// A row is two words.
const WORDS = 2;
/** Content + 1; 0: none. */
const CONTENT = 0;
/** Place among the linked blocks, above the marks. */
const SEQUENCE = 1;
const MARK_BITS = 7;
const MARKS = (1 << MARK_BITS) - 1;
const MOST_SEQUENCES = 1 << (32 - MARK_BITS);

/**
 * One node's marks on the rows of a header tree from its root upwards: eight bytes a row in one column, since a node looks at the
 * marks of a tip and of the block on top of it together, and thousands of nodes do so with each block.
 */
export class BlockMarks {
  #root: number;
  /** By row less the root. */
  #words: Uint32Array;

  /** `root`: of the tree, now. */
  constructor(root: number) {
    this.#root = root;
    this.#words = new Uint32Array();
  }

  /** Row from which on there are marks. */
  get root(): number {
    return this.#root;
  }

  /** The tree was folded: forgets the marks below its new root, and those on rows that it dropped. */
  fold(tree: HeaderTree): void {
    const words = (tree.root - this.#root) * WORDS;
    this.#words.copyWithin(0, words);
    this.#words.fill(0, Math.max(0, this.#words.length - words));
    this.#root = tree.root;
    for (let row = tree.root; row < tree.size; row++) if (!tree.isLive(row)) this.#forget(row);
    this.#shrink(tree.size - tree.root);
  }

  #forget(row: number): void {
    const at = this.#at(row);
    this.#words.fill(0, at, at + WORDS);
  }

  #at(row: number): number {
    return (row - this.#root) * WORDS;
  }

  /** Whether the row has any of these marks. */
  has(row: number, marks: number): boolean {
    const bits = row < this.#root ? FOLDED : (this.#words[this.#at(row) + SEQUENCE] ?? 0);
    return (bits & marks) !== 0;
  }

  set(row: number, marks: number): void {
    const at = this.#roomFor(row);
    this.#words[at + SEQUENCE]! |= marks;
  }

  clear(row: number, marks: number): void {
    const at = this.#at(row);
    if (at >= 0 && at < this.#words.length) this.#words[at + SEQUENCE]! &= ~marks;
  }

  /** Number of the content at hand, or {@link ABSENT}. */
  content(row: number): number {
    return row < this.#root ? ABSENT : (this.#words[this.#at(row) + CONTENT] ?? 0) - 1;
  }

  /** {@link ABSENT} takes the content away. */
  setContent(row: number, content: number): void {
    const at = this.#roomFor(row);
    this.#words[at + CONTENT] = content + 1;
    if (content === ABSENT) this.clear(row, HAS_CONTENT);
    else this.set(row, HAS_CONTENT);
  }

  /** Place among the blocks in the order they were linked; those a node was restored with share 0. */
  sequence(row: number): number {
    return row < this.#root ? 0 : (this.#words[this.#at(row) + SEQUENCE] ?? 0) >>> MARK_BITS;
  }

  setSequence(row: number, sequence: number): void {
    assert(sequence < MOST_SEQUENCES, "a node links fewer blocks than that before it starts again");
    const at = this.#roomFor(row);
    this.#words[at + SEQUENCE] = (sequence << MARK_BITS) | (this.#words[at + SEQUENCE]! & MARKS);
  }

  /** Where a row's marks are. Grows by a quarter at a time: ten thousand nodes would feel the half that doubling leaves empty. */
  #roomFor(row: number): number {
    const at = this.#at(row);
    assert(at >= 0, "what is folded has no marks of its own");
    if (at < this.#words.length) return at;
    const rows = this.#words.length / WORDS;
    const room = Math.max(MIN_ROWS, at / WORDS + 1, Math.ceil(rows * 1.25));
    this.#words = grownTo(this.#words, room * WORDS, (length) => new Uint32Array(length));
    return at;
  }

  /** Gives back what a long window took. */
  #shrink(rows: number): void {
    const size = Math.max(MIN_ROWS, Math.ceil(rows * 1.25)) * WORDS;
    if (this.#words.length > size * 2) this.#words = this.#words.slice(0, size);
  }
}
