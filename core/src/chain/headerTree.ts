import type { U256 } from "../bytes/u256.ts";
import { type BlockHeader, blockHash } from "../primitives/header.ts";
import type { BlockHash } from "../primitives/ids.ts";
import { addBlockProof, blockProof } from "../rules/chainWork.ts";
import type { HeaderHistory } from "../rules/headerHistory.ts";
import { ABSENT, grownTo, KeyTable } from "../state/keyTable.ts";
import { setHashKey } from "./hashTable.ts";

const WORK_LIMBS = 8;

/** Row of genesis, the root. */
export const GENESIS_ROW = 0;

/**
 * Headers by dense row numbers, a parent always below its children. Only grows, and knows nothing of who has seen or refused
 * what, so any number of nodes under the same rules share one. Whoever adds a header has checked it after its parent.
 */
export class HeaderTree {
  readonly #rows: KeyTable;
  readonly #headers: BlockHeader[];
  readonly #hashes: BlockHash[];
  /** Headers that are handed around as they are need be neither hashed nor checked again. */
  readonly #known: WeakMap<BlockHeader, number>;
  #parent: Int32Array;
  /** An ancestor further down: see {@link skipHeight}. */
  #skip: Int32Array;
  #height: Uint32Array;
  #time: Uint32Array;
  #bits: Uint32Array;
  /** Of the chain up to and with the header, eight limbs a row. */
  #work: Uint32Array;
  #firstChild: Int32Array;
  #nextSibling: Int32Array;

  constructor(genesis: BlockHeader) {
    this.#rows = new KeyTable(8);
    this.#headers = [];
    this.#hashes = [];
    this.#known = new WeakMap();
    this.#parent = new Int32Array();
    this.#skip = new Int32Array();
    this.#height = new Uint32Array();
    this.#time = new Uint32Array();
    this.#bits = new Uint32Array();
    this.#work = new Uint32Array();
    this.#firstChild = new Int32Array();
    this.#nextSibling = new Int32Array();
    const row = this.#append(genesis, blockHash(genesis));
    this.#parent[row] = ABSENT;
    this.#skip[row] = GENESIS_ROW;
    blockProof(this.work(row), genesis.version, genesis.bits);
  }

  /** Headers in the tree: rows are below it. */
  get size(): number {
    return this.#headers.length;
  }

  /** Row of a block hash, or {@link ABSENT}. */
  find(hash: Uint8Array): number {
    setHashKey(this.#rows, hash);
    return this.#rows.find();
  }

  /**
   * Row of this very object, or {@link ABSENT}; an equal one is not known by it, because headers of one hash may differ in
   * their signature. What is known passed the rules that are the same on every node.
   */
  rowOf(header: BlockHeader): number {
    return this.#known.get(header) ?? ABSENT;
  }

  /** Block hash of any header; those of this tree need not be hashed again. */
  hashOf(header: BlockHeader): BlockHash {
    const row = this.rowOf(header);
    return row === ABSENT ? blockHash(header) : this.hash(row);
  }

  /** Adds a header with this block hash, which the tree must not have, below `parent`. */
  add(header: BlockHeader, hash: BlockHash, parent: number): number {
    const row = this.#append(header, hash);
    const height = this.height(parent) + 1;
    this.#parent[row] = parent;
    this.#height[row] = height;
    this.#skip[row] = this.ancestor(parent, skipHeight(height));
    this.#nextSibling[row] = this.#firstChild[parent]!;
    this.#firstChild[parent] = row;
    addBlockProof(this.work(row), this.work(parent), header.version, header.bits);
    return row;
  }

  #append(header: BlockHeader, hash: BlockHash): number {
    setHashKey(this.#rows, hash);
    const row = this.#rows.add();
    this.#grow(this.#rows.capacity);
    this.#headers.push(header);
    this.#hashes.push(hash);
    this.#known.set(header, row);
    this.#time[row] = header.time;
    this.#bits[row] = header.bits;
    this.#firstChild[row] = ABSENT;
    this.#nextSibling[row] = ABSENT;
    return row;
  }

  #grow(rows: number): void {
    const u32 = (length: number) => new Uint32Array(length);
    const i32 = (length: number) => new Int32Array(length);
    this.#parent = grownTo(this.#parent, rows, i32);
    this.#skip = grownTo(this.#skip, rows, i32);
    this.#height = grownTo(this.#height, rows, u32);
    this.#time = grownTo(this.#time, rows, u32);
    this.#bits = grownTo(this.#bits, rows, u32);
    this.#work = grownTo(this.#work, rows * WORK_LIMBS, u32);
    this.#firstChild = grownTo(this.#firstChild, rows, i32);
    this.#nextSibling = grownTo(this.#nextSibling, rows, i32);
  }

  /** The header of a row. */
  header(row: number): BlockHeader {
    return this.#headers[row]!;
  }

  /** Wire order. */
  hash(row: number): BlockHash {
    return this.#hashes[row]!;
  }

  /** {@link ABSENT} for genesis. */
  parent(row: number): number {
    return this.#parent[row]!;
  }

  /** The height of a row. */
  height(row: number): number {
    return this.#height[row]!;
  }

  /** Unix seconds, u32. */
  time(row: number): number {
    return this.#time[row]!;
  }

  /** Compact target, u32. */
  bits(row: number): number {
    return this.#bits[row]!;
  }

  /** Chain work: a window on the column, to be read only. */
  work(row: number): U256 {
    return this.#work.subarray(row * WORK_LIMBS, (row + 1) * WORK_LIMBS) as U256;
  }

  /** Negative, zero or positive as the chain up to `a` has less, as much or more work than that up to `b`. */
  compareWork(a: number, b: number): number {
    const work = this.#work;
    for (let limb = WORK_LIMBS - 1; limb >= 0; limb--) {
      const difference = work[a * WORK_LIMBS + limb]! - work[b * WORK_LIMBS + limb]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** The last child added, or {@link ABSENT}; then from child to child by {@link nextSibling}. */
  firstChild(row: number): number {
    return this.#firstChild[row]!;
  }

  /** The child of the same parent that came before this one, or {@link ABSENT}. */
  nextSibling(row: number): number {
    return this.#nextSibling[row]!;
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
    let at = row;
    while (this.#height[at]! > height) {
      const skip = this.#skip[at]!;
      at = this.#height[skip]! >= height ? skip : this.#parent[at]!;
    }
    return at;
  }

  /** The last header that both branches have. Source: fluxd src/chain.cpp LastCommonAncestor. */
  commonAncestor(a: number, b: number): number {
    const height = Math.min(this.height(a), this.height(b));
    let [left, right] = [this.ancestor(a, height), this.ancestor(b, height)];
    while (left !== right) {
      // Equal heights skip equally far; where that leads to one header the branches met at it or later.
      const [skipLeft, skipRight] = [this.#skip[left]!, this.#skip[right]!];
      const met = skipLeft === skipRight;
      left = met ? this.#parent[left]! : skipLeft;
      right = met ? this.#parent[right]! : skipRight;
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
