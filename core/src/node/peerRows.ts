import type { HeaderTree } from "../chain/headerTree.ts";
import { ABSENT, grownTo } from "../state/keyTable.ts";

/** Rows that a node takes at a time: its peers lie side by side, and none of them ever moves. */
const CHUNK = 8;
const MIN_ROWS = 64;
/** Blocks, far fewer than a node asks for ahead of the last that a peer and it have in common. */
const NEAR = 128;

// Words of a row, 16 bytes: four to a cache line.
const WORDS = 4;
const BEST_KNOWN = 0;
const BEST_SENT = 1;
const LAST_COMMON = 2;
const MARKS = 3;

// Marks, below the number of the node.
/** The last `headers` of this peer left nothing to do, and nothing was asked of it since. */
const SETTLED = 1;
/** It is told of new tips by their headers. */
const TOLD_HEADERS = 2;
const NODE_SHIFT = 2;
const ALL_MARKS = SETTLED | TOLD_HEADERS;

/**
 * What nodes look at most often of their peers: a row a peer in columns that all nodes of a world share. A block is announced to a
 * node by each of its peers, and all but the first announcement end here: {@link takeKnown} does what the node would have done,
 * and touches two cache lines.
 */
export class PeerRows {
  #words: Int32Array;
  /** When the peer was last heard, by its node's clock; 0: never, or nobody wants to know. */
  #heardAt: Float64Array;
  /** When it was last sent something, likewise. */
  #sentAt: Float64Array;
  #rows: number;
  /** Two headers a node, see {@link setCalm}. */
  #calm: Int32Array;
  #nodes: number;
  /** First rows of chunks, and numbers of nodes, that were given back. */
  readonly #freeChunks: number[];
  readonly #freeNodes: number[];

  constructor() {
    this.#words = new Int32Array(MIN_ROWS * WORDS);
    this.#heardAt = new Float64Array(MIN_ROWS);
    this.#sentAt = new Float64Array(MIN_ROWS);
    this.#rows = 0;
    this.#calm = new Int32Array(2);
    this.#nodes = 0;
    this.#freeChunks = [];
    this.#freeNodes = [];
  }

  /** Rows there is room for: what nodes that come and go must not make grow. */
  get capacity(): number {
    return this.#heardAt.length;
  }

  /** A number for a node that will have peers here. */
  addNode(): number {
    const node = this.#freeNodes.pop() ?? this.#nodes++;
    const words = this.#calm.length;
    if (2 * node === words) this.#calm = grownTo(this.#calm, words * 2, (length) => new Int32Array(length));
    this.setCalm(node, ABSENT, ABSENT);
    return node;
  }

  /** More rows for a node's peers. */
  takeChunk(node: number): readonly number[] {
    const first = this.#freeChunks.pop() ?? this.#rows;
    if (first === this.#rows) this.#rows += CHUNK;
    if (this.#rows > this.#heardAt.length) this.#grow(this.#heardAt.length * 2);
    const rows = Array.from({ length: CHUNK }, (_, i) => first + i);
    for (const row of rows) this.#words[row * WORDS + MARKS] = node << NODE_SHIFT;
    return rows;
  }

  /** A node is no more: its number and its chunks are the next one's. */
  removeNode(node: number, chunks: readonly (readonly number[])[]): void {
    for (const [first] of chunks) if (first !== undefined) this.#freeChunks.push(first);
    this.#freeNodes.push(node);
  }

  #grow(rows: number): void {
    this.#words = grownTo(this.#words, rows * WORDS, (length) => new Int32Array(length));
    this.#heardAt = grownTo(this.#heardAt, rows, (length) => new Float64Array(length));
    this.#sentAt = grownTo(this.#sentAt, rows, (length) => new Float64Array(length));
  }

  /** A new peer, of which nothing is known. */
  clear(row: number): void {
    const at = row * WORDS;
    this.#words.fill(ABSENT, at + BEST_KNOWN, at + LAST_COMMON + 1);
    this.#words[at + MARKS]! &= ~ALL_MARKS;
    this.#heardAt[row] = 0;
    this.#sentAt[row] = 0;
  }

  bestKnown(row: number): number {
    return this.#words[row * WORDS + BEST_KNOWN]!;
  }

  setBestKnown(row: number, header: number): void {
    this.#words[row * WORDS + BEST_KNOWN] = header;
  }

  bestSent(row: number): number {
    return this.#words[row * WORDS + BEST_SENT]!;
  }

  setBestSent(row: number, header: number): void {
    this.#words[row * WORDS + BEST_SENT] = header;
  }

  lastCommon(row: number): number {
    return this.#words[row * WORDS + LAST_COMMON]!;
  }

  setLastCommon(row: number, header: number): void {
    this.#words[row * WORDS + LAST_COMMON] = header;
  }

  heardAt(row: number): number {
    return this.#heardAt[row]!;
  }

  setHeardAt(row: number, time: number): void {
    this.#heardAt[row] = time;
  }

  sentAt(row: number): number {
    return this.#sentAt[row]!;
  }

  setSentAt(row: number, time: number): void {
    this.#sentAt[row] = time;
  }

  /** A peer has sent all its headers and owes no answer; or something was asked of it, or it is leaving. */
  setSettled(row: number, settled: boolean): void {
    this.#mark(row, SETTLED, settled);
  }

  /** Whether {@link takeTip} may answer for a peer that is not leaving. */
  setToldHeaders(row: number, told: boolean): void {
    this.#mark(row, TOLD_HEADERS, told);
  }

  #mark(row: number, mark: number, on: boolean): void {
    const at = row * WORDS + MARKS;
    this.#words[at] = on ? this.#words[at]! | mark : this.#words[at]! & ~mark;
  }

  /**
   * A node has a new `tip`, which follows `parent`. Whether a peer is to be sent the header of that alone; then it counts as
   * sent. If not, somebody has to look closer.
   */
  takeTip(row: number, tip: number, parent: number): boolean {
    const words = this.#words;
    const at = row * WORDS;
    if ((words[at + MARKS]! & TOLD_HEADERS) === 0) return false;
    const known = words[at + BEST_KNOWN]!;
    if (known !== parent && known !== tip && words[at + BEST_SENT] !== parent) return false;
    words[at + BEST_SENT] = tip;
    return true;
  }

  /**
   * An announcement by a settled peer leaves a node nothing to do if it is of its tip, or of the one block on top of that, while it
   * is on its way. {@link ABSENT}: there is no such header.
   */
  setCalm(node: number, tip: number, coming: number): void {
    this.#calm[2 * node] = tip;
    this.#calm[2 * node + 1] = coming;
  }

  /**
   * A peer announces `header` at `time`, by its node's clock, 0 if that is not wanted. If the node would do no more than remember
   * it, that is done and the answer is true; else nothing is done. What the node does: HeaderSync.receive, BlockDownload.request.
   */
  takeKnown(row: number, header: number, tree: HeaderTree, time: number): boolean {
    const words = this.#words;
    const at = row * WORDS;
    const marks = words[at + MARKS]!;
    const node = (marks >>> NODE_SHIFT) * 2;
    const isTip = header === this.#calm[node];
    if ((marks & SETTLED) === 0 || !(isTip || header === this.#calm[node + 1])) return false;
    const best = words[at + BEST_KNOWN]!;
    if (best !== header && !(tree.isLive(best) && tree.compareWork(header, best) >= 0)) return false;
    if (!isTip && !isNear(words[at + LAST_COMMON]!, header, tree)) return false;
    words[at + BEST_KNOWN] = header;
    words[at + LAST_COMMON] = isTip ? header : tree.parent(header);
    if (time !== 0) this.#heardAt[row] = time;
    return true;
  }
}

/** Whether both lie in one window of blocks to ask for. */
const isNear = (common: number, header: number, tree: HeaderTree): boolean =>
  tree.isLive(common) && tree.height(header) - tree.height(common) < NEAR;
