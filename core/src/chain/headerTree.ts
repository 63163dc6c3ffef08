import { compareU256, type U256 } from "../bytes/u256.ts";
import { type BlockHeader, blockHash } from "../primitives/header.ts";
import type { BlockHash } from "../primitives/ids.ts";
import { addBlockProof, blockProof } from "../rules/chainWork.ts";
import type { HeaderHistory } from "../rules/headerHistory.ts";
import { ABSENT, grownTo, KeyTable } from "../state/keyTable.ts";
import { assert } from "../util/assert.ts";
import { FoldedHeaders } from "./foldedHeaders.ts";
import { setHashKey } from "./hashTable.ts";

const WORK_LIMBS = 8;
const MIN_ROWS = 16;

const DROPPED = "nothing is asked of a header that was dropped";

/** Row of genesis, the first root; of the lowest header of a tree that begins higher up. */
export const GENESIS_ROW = 0;

/**
 * Headers by row numbers, a parent always below its children, that are never given twice. Knows nothing of who has seen or
 * refused what, so any number of nodes share one. Whoever adds a header has checked it after its parent.
 *
 * The tree stands on a root, genesis at first. {@link fold} moves it up: below it is then one branch, kept by height, and what
 * left that branch is dropped. Every answer for a folded header is what it was before; of a dropped row nothing is left.
 * A tree may begin above genesis, and then knows nothing of what is below: work counts from its first header.
 */
export class HeaderTree {
  /** Height of its first header. */
  readonly lowest: number;
  /** Hashes of all headers kept. */
  readonly #keys: KeyTable;
  /** By row of {@link #keys}. */
  #rowOfKey: Int32Array;
  readonly #folded: FoldedHeaders;
  #root: number;
  #size: number;
  /** Rows of headers that are handed around as they are, which need not be hashed again. */
  readonly #known: WeakMap<BlockHeader, number>;
  // Below by row less the root. Headers that were dropped are undefined until the root has passed them.
  readonly #headers: (BlockHeader | undefined)[];
  readonly #hashes: (BlockHash | undefined)[];
  #parent: Int32Array;
  /** An ancestor further down: see {@link skipHeight}. */
  #skip: Int32Array;
  #height: Uint32Array;
  /** Of the chain up to and with the header, eight limbs a row. */
  #work: Uint32Array;
  #firstChild: Int32Array;
  #nextSibling: Int32Array;

  constructor(first: BlockHeader, lowest = 0) {
    this.lowest = lowest;
    this.#keys = new KeyTable(8);
    this.#rowOfKey = new Int32Array();
    this.#folded = new FoldedHeaders(lowest);
    this.#root = GENESIS_ROW;
    this.#size = 0;
    this.#headers = [];
    this.#hashes = [];
    this.#known = new WeakMap();
    this.#parent = new Int32Array();
    this.#skip = new Int32Array();
    this.#height = new Uint32Array();
    this.#work = new Uint32Array();
    this.#firstChild = new Int32Array();
    this.#nextSibling = new Int32Array();
    const row = this.#append(first, blockHash(first));
    this.#parent[row] = ABSENT;
    this.#skip[row] = GENESIS_ROW;
    this.#height[row] = lowest;
    blockProof(this.work(row), first.version, first.bits);
  }

  /** Rows given so far: all are below it. */
  get size(): number {
    return this.#size;
  }

  /** Row of the lowest header that may have branches: every live row descends from it, and is above it. */
  get root(): number {
    return this.#root;
  }

  /** Headers from the root upwards. */
  get liveHeaders(): number {
    return this.#keys.size - this.#folded.size;
  }

  /** Row of a block hash, or {@link ABSENT}. */
  find(hash: Uint8Array): number {
    setHashKey(this.#keys, hash);
    const key = this.#keys.find();
    return key === ABSENT ? ABSENT : this.#rowOfKey[key]!;
  }

  /** Row of this very object, or {@link ABSENT}; that of an equal one has to be looked up by its hash. */
  rowOf(header: BlockHeader): number {
    const row = this.#known.get(header);
    return row !== undefined && this.isLive(row) ? row : ABSENT;
  }

  /** Block hash of any header; those of this tree need not be hashed again. */
  hashOf(header: BlockHeader): BlockHash {
    const row = this.rowOf(header);
    return row === ABSENT ? blockHash(header) : this.hash(row);
  }

  /** Whether the row is the root's or of a header above it that is kept. */
  isLive(row: number): boolean {
    return row >= this.#root && this.#headers[row - this.#root] !== undefined;
  }

  /** Whether the row is of a header below the root that is kept. */
  isFolded(row: number): boolean {
    return row < this.#root && this.#folded.heightOf(row) !== ABSENT;
  }

  /** Adds a header with this block hash, which the tree must not have, below `parent`, which must be live. */
  add(header: BlockHeader, hash: BlockHash, parent: number): number {
    assert(this.isLive(parent), "a header is added above the root, to one that is kept");
    const row = this.#append(header, hash);
    const at = row - this.#root;
    const height = this.height(parent) + 1;
    this.#parent[at] = parent;
    this.#height[at] = height;
    this.#skip[at] = this.ancestor(parent, Math.max(skipHeight(height), this.lowest));
    this.#nextSibling[at] = this.#firstChild[parent - this.#root]!;
    this.#firstChild[parent - this.#root] = row;
    addBlockProof(this.work(row), this.work(parent), header.version, header.bits);
    return row;
  }

  #append(header: BlockHeader, hash: BlockHash): number {
    const row = this.#size++;
    setHashKey(this.#keys, hash);
    const key = this.#keys.add();
    this.#rowOfKey = grownTo(this.#rowOfKey, this.#keys.capacity, (length) => new Int32Array(length));
    this.#rowOfKey[key] = row;
    const at = row - this.#root;
    if (at === this.#parent.length) this.#grow(Math.max(MIN_ROWS, at * 2));
    this.#headers.push(header);
    this.#hashes.push(hash);
    this.#known.set(header, row);
    this.#firstChild[at] = ABSENT;
    this.#nextSibling[at] = ABSENT;
    return row;
  }

  #grow(rows: number): void {
    const u32 = (length: number) => new Uint32Array(length);
    const i32 = (length: number) => new Int32Array(length);
    this.#parent = grownTo(this.#parent, rows, i32);
    this.#skip = grownTo(this.#skip, rows, i32);
    this.#height = grownTo(this.#height, rows, u32);
    this.#work = grownTo(this.#work, rows * WORK_LIMBS, u32);
    this.#firstChild = grownTo(this.#firstChild, rows, i32);
    this.#nextSibling = grownTo(this.#nextSibling, rows, i32);
  }

  /** Makes a live row the root: what does not descend from it is dropped, but for its ancestors. */
  fold(root: number): void {
    assert(this.isLive(root), "the tree is folded to a header that it has");
    if (root === this.#root) return;
    this.#dropAbandoned(root);
    for (const row of this.path(this.#root, root)) {
      const below = this.#parent[row - this.#root]!;
      this.#folded.push(this.header(below), below, this.work(below));
    }
    this.#folded.closeRows(this.#root, root);
    this.#shift(root - this.#root);
    this.#root = root;
    this.#nextSibling[0] = ABSENT;
  }

  /** Parents come first, so one pass finds what hangs on the new root, and what does not. */
  #dropAbandoned(root: number): void {
    const kept = new Uint8Array(this.#size - this.#root);
    for (let row = root; row !== ABSENT && row >= this.#root; row = this.parent(row))
      kept[row - this.#root] = 1;
    for (let row = this.#root + 1; row < this.#size; row++) {
      const at = row - this.#root;
      if (row > root && this.#parent[at]! >= root && kept[this.#parent[at]! - this.#root] === 1) kept[at] = 1;
      if (kept[at] === 1 || this.#headers[at] === undefined) continue;
      setHashKey(this.#keys, this.#hashes[at]!);
      this.#keys.remove();
      this.#headers[at] = undefined;
      this.#hashes[at] = undefined;
    }
  }

  /** Moves every column down by `rows`. */
  #shift(rows: number): void {
    this.#headers.splice(0, rows);
    this.#hashes.splice(0, rows);
    for (const column of [this.#parent, this.#skip, this.#height, this.#firstChild, this.#nextSibling])
      column.copyWithin(0, rows);
    this.#work.copyWithin(0, rows * WORK_LIMBS);
  }

  /** The header of a row. Read anew if it is folded. */
  header(row: number): BlockHeader {
    return row >= this.#root ? this.#liveHeader(row) : this.#folded.header(this.#foldedHeight(row));
  }

  #liveHeader(row: number): BlockHeader {
    const header = this.#headers[row - this.#root];
    assert(header !== undefined, DROPPED);
    return header;
  }

  /** Wire order. Worked out anew if the header is folded. */
  hash(row: number): BlockHash {
    if (row < this.#root) return blockHash(this.header(row));
    const hash = this.#hashes[row - this.#root];
    assert(hash !== undefined, DROPPED);
    return hash;
  }

  /** {@link ABSENT} for the first header. */
  parent(row: number): number {
    if (row > this.#root) return this.#parent[row - this.#root]!;
    const height = this.height(row);
    return height === this.lowest ? ABSENT : this.#folded.row(height - 1);
  }

  /** The height of a row. */
  height(row: number): number {
    return row >= this.#root ? this.#height[row - this.#root]! : this.#foldedHeight(row);
  }

  #foldedHeight(row: number): number {
    const height = row < this.#root ? this.#folded.heightOf(row) : ABSENT;
    assert(height !== ABSENT, DROPPED);
    return height;
  }

  /** Unix seconds, u32. */
  time(row: number): number {
    return row >= this.#root ? this.#liveHeader(row).time : this.#folded.time(this.#foldedHeight(row));
  }

  /** Compact target, u32. */
  bits(row: number): number {
    return row >= this.#root ? this.#liveHeader(row).bits : this.#folded.bits(this.#foldedHeight(row));
  }

  /** Chain work: a window on the column, to be read only. */
  work(row: number): U256 {
    if (row < this.#root) return this.#folded.work(this.#foldedHeight(row));
    const at = row - this.#root;
    return this.#work.subarray(at * WORK_LIMBS, (at + 1) * WORK_LIMBS) as U256;
  }

  /** Negative, zero or positive as the chain up to `a` has less, as much or more work than that up to `b`. */
  compareWork(a: number, b: number): number {
    if (a < this.#root || b < this.#root) return compareU256(this.work(a), this.work(b));
    const work = this.#work;
    const fromA = (a - this.#root) * WORK_LIMBS;
    const fromB = (b - this.#root) * WORK_LIMBS;
    for (let limb = WORK_LIMBS - 1; limb >= 0; limb--) {
      if (work[fromA + limb] !== work[fromB + limb])
        return work[fromA + limb]! < work[fromB + limb]! ? -1 : 1;
    }
    return 0;
  }

  /** The last child added, or {@link ABSENT}; then from child to child by {@link nextSibling}. */
  firstChild(row: number): number {
    if (row >= this.#root) return this.#firstChild[row - this.#root]!;
    const height = this.#foldedHeight(row) + 1;
    return height === this.#folded.end ? this.#root : this.#folded.row(height);
  }

  /** The child of the same parent that came before this one, or {@link ABSENT}. */
  nextSibling(row: number): number {
    return row < this.#root ? ABSENT : this.#nextSibling[row - this.#root]!;
  }

  /** `row` and all headers above it, parents first. */
  *subtree(row: number): Generator<number> {
    const open = [row];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      yield at;
      for (let child = this.firstChild(at); child !== ABSENT; child = this.nextSibling(child))
        open.push(child);
    }
  }

  /**
   * The header at `height`, at most that of `row`, on the way from there to genesis. Takes the skip wherever it does not go too
   * far: at most 135 steps between any two of two million headers. Source: fluxd src/chain.cpp CBlockIndex::GetAncestor.
   */
  ancestor(row: number, height: number): number {
    assert(height >= this.lowest, "nobody looks back further than the tree does");
    if (height < this.#folded.end) return this.#folded.row(height);
    // From here on nothing looks below the root.
    const root = this.#root;
    let at = row - root;
    while (this.#height[at]! > height) {
      const skip = this.#skip[at]! - root;
      at = skip >= 0 && this.#height[skip]! >= height ? skip : this.#parent[at]! - root;
    }
    return at + root;
  }

  /** The last header that both branches have. Source: fluxd src/chain.cpp LastCommonAncestor. */
  commonAncestor(a: number, b: number): number {
    const height = Math.min(this.height(a), this.height(b));
    let left = this.ancestor(a, height);
    let right = this.ancestor(b, height);
    while (left !== right) {
      // Equal heights skip equally far; where that leads to one header the branches met at it or later.
      const skipLeft = this.#skip[left - this.#root]!;
      const skipRight = this.#skip[right - this.#root]!;
      const met = skipLeft === skipRight;
      left = met ? this.parent(left) : skipLeft;
      right = met ? this.parent(right) : skipRight;
    }
    return left;
  }

  /** Rows above `below`, an ancestor of `row`, up to `row`, lowest first. */
  path(below: number, row: number): number[] {
    const rows: number[] = [];
    for (let at = row; at !== below; at = this.parent(at)) rows.push(at);
    return rows.reverse();
  }

  /** The branch that ends with `row`, as rules look back on it. */
  history(row: number): HeaderHistory {
    return new Branch(this, row);
  }
}

/**
 * Where the skip of a header at `height` leads: odd and even heights skip short and far, so that from anywhere few steps
 * reach any height. Source: fluxd src/chain.cpp GetSkipHeight.
 */
function skipHeight(height: number): number {
  if (height < 2) return 0;
  return height & 1 ? withoutLowestBit(withoutLowestBit(height - 1)) + 1 : withoutLowestBit(height);
}

const withoutLowestBit = (n: number): number => n & (n - 1);

/** Rules read windows downwards from the tip, so each look-up goes on from the one before. */
class Branch implements HeaderHistory {
  readonly height: number;
  readonly #tree: HeaderTree;
  readonly #last: number;
  #cursor: number;

  constructor(tree: HeaderTree, last: number) {
    this.height = tree.height(last);
    this.#tree = tree;
    this.#last = last;
    this.#cursor = last;
  }

  time(height: number): number {
    return this.#tree.time(this.#at(height));
  }

  bits(height: number): number {
    return this.#tree.bits(this.#at(height));
  }

  #at(height: number): number {
    const from = this.#tree.height(this.#cursor) >= height ? this.#cursor : this.#last;
    this.#cursor = this.#tree.ancestor(from, height);
    return this.#cursor;
  }
}
