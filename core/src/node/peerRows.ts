import type { HeaderTree } from "../chain/headerTree.ts";
import { ABSENT, grownTo } from "../state/keyTable.ts";

/** Rows that a node takes at a time: its peers lie side by side, and none of them ever moves. */
const CHUNK = 8;
const MIN_ROWS = 64;
/** Blocks, far fewer than a node asks for ahead of the last that a peer and it have in common. */
const NEAR = 128;

// Words of a row, 32 bytes: two to a cache line. The last two are a double.
const WORDS = 8;
const DOUBLES = 4;
const BEST_KNOWN = 0;
const BEST_SENT = 1;
const LAST_COMMON = 2;
const MARKS = 3;
/** Header whose announcement was left with the row, and its parent. */
const LEFT = 4;
const LEFT_PARENT = 5;
/** Double: when it comes, by the host's time. */
const LEFT_AT = 3;

// Marks, below the number of the node.
/** The last `headers` of this peer left nothing to do, and nothing was asked of it since. */
const SETTLED = 1;
/** It is told of new tips by their headers. */
const TOLD_HEADERS = 2;
const NODE_SHIFT = 2;
const ALL_MARKS = SETTLED | TOLD_HEADERS;

// Words of a node, 32 bytes. The last four are two doubles.
const CALM_TIP = 0;
const CALM_COMING = 1;
/** Header that the node will be told of by an announcement on its way. */
const EXPECTED = 2;
/** Double: when the first such comes. */
const EXPECTED_AT = 2;
/** Double: when the last of all announcements left with the node comes. */
const LAST_LEFT_AT = 3;

/** An announcement that was left with a row before it came, and that the host has to deliver after all. */
export type Recalled = (row: number, header: number, at: number) => void;

/**
 * What nodes look at most often of their peers: a row a peer in columns that all nodes of a world share. A block is announced to a
 * node by each of its peers, and all but the first announcement end here: {@link takeKnown} does what the node would have done,
 * and touches two cache lines.
 *
 * A host that knows when a message will come may leave an announcement here as soon as it is sent ({@link leave}), if it will then
 * be of nothing new. It counts from its time on; whatever makes it news before that has the host deliver it
 * ({@link takeAstray}, {@link recall}).
 */
export class PeerRows {
  /** The host's time, as far as it leaves announcements here. */
  now = 0;
  #words: Int32Array;
  /** The same memory. */
  #doubles: Float64Array;
  /** When the peer was last heard, by its node's clock; 0: never, or nobody wants to know. */
  #heardAt: Float64Array;
  /** When it was last sent something, likewise. */
  #sentAt: Float64Array;
  /** When an announcement that was left will have been heard, likewise. */
  #leftHeardAt: Float64Array;
  /** Whether any such time was ever wanted. */
  #timesHeard: boolean;
  #rows: number;
  /** A row a node, see {@link setCalm}. */
  #nodeWords: Int32Array;
  /** The same memory. */
  #nodeDoubles: Float64Array;
  #nodes: number;
  /** First rows of each node's chunks. */
  readonly #chunksOf: number[][];
  /** First rows of chunks, and numbers of nodes, that were given back. */
  readonly #freeChunks: number[];
  readonly #freeNodes: number[];
  /** Means nothing: it keeps a compiler from leaving out the loop of {@link fetch}. */
  fetched: number;
  /** Nodes of which something changed while announcements left with them are on their way. */
  readonly #changed: number[];

  constructor() {
    this.#words = new Int32Array(MIN_ROWS * WORDS);
    this.#doubles = new Float64Array(this.#words.buffer);
    this.#heardAt = new Float64Array(MIN_ROWS);
    this.#sentAt = new Float64Array(MIN_ROWS);
    this.#leftHeardAt = new Float64Array(MIN_ROWS);
    this.#timesHeard = false;
    this.#rows = 0;
    this.#nodeWords = new Int32Array(WORDS);
    this.#nodeDoubles = new Float64Array(this.#nodeWords.buffer);
    this.#nodes = 0;
    this.#chunksOf = [];
    this.#freeChunks = [];
    this.#freeNodes = [];
    this.fetched = 0;
    this.#changed = [];
  }

  /** Rows there is room for: what nodes that come and go must not make grow. */
  get capacity(): number {
    return this.#heardAt.length;
  }

  /** A number for a node that will have peers here. */
  addNode(): number {
    const node = this.#freeNodes.pop() ?? this.#nodes++;
    const at = node * WORDS;
    if (at === this.#nodeWords.length) {
      this.#nodeWords = grownTo(this.#nodeWords, at * 2, (length) => new Int32Array(length));
      this.#nodeDoubles = new Float64Array(this.#nodeWords.buffer);
    }
    this.#nodeWords.fill(0, at, at + WORDS);
    for (const word of [CALM_TIP, CALM_COMING, EXPECTED]) this.#nodeWords[at + word] = ABSENT;
    this.#chunksOf[node] = [];
    return node;
  }

  /** More rows for a node's peers. */
  takeChunk(node: number): readonly number[] {
    const first = this.#freeChunks.pop() ?? this.#rows;
    if (first === this.#rows) this.#rows += CHUNK;
    if (this.#rows > this.#heardAt.length) this.#grow(this.#heardAt.length * 2);
    const rows = Array.from({ length: CHUNK }, (_, i) => first + i);
    for (const row of rows) {
      this.#words[row * WORDS + MARKS] = node << NODE_SHIFT;
      this.#words[row * WORDS + LEFT] = ABSENT;
    }
    this.#chunksOf[node]!.push(first);
    return rows;
  }

  /** A node is no more: its number and its chunks are the next one's. */
  removeNode(node: number): void {
    this.#freeChunks.push(...this.#chunksOf[node]!);
    this.#chunksOf[node] = [];
    this.#freeNodes.push(node);
  }

  #grow(rows: number): void {
    this.#words = grownTo(this.#words, rows * WORDS, (length) => new Int32Array(length));
    this.#doubles = new Float64Array(this.#words.buffer);
    this.#heardAt = grownTo(this.#heardAt, rows, (length) => new Float64Array(length));
    this.#sentAt = grownTo(this.#sentAt, rows, (length) => new Float64Array(length));
    this.#leftHeardAt = grownTo(this.#leftHeardAt, rows, (length) => new Float64Array(length));
  }

  /** A new peer, of which nothing is known. */
  clear(row: number): void {
    const at = row * WORDS;
    this.#words.fill(ABSENT, at + BEST_KNOWN, at + LAST_COMMON + 1);
    this.#words[at + MARKS]! &= ~ALL_MARKS;
    this.#words[at + LEFT] = ABSENT;
    this.#heardAt[row] = 0;
    this.#sentAt[row] = 0;
  }

  bestKnown(row: number): number {
    this.#catchUp(row);
    return this.#words[row * WORDS + BEST_KNOWN]!;
  }

  setBestKnown(row: number, header: number): void {
    this.#catchUp(row);
    this.#words[row * WORDS + BEST_KNOWN] = header;
    this.#change(this.#nodeOf(row));
  }

  bestSent(row: number): number {
    return this.#words[row * WORDS + BEST_SENT]!;
  }

  setBestSent(row: number, header: number): void {
    this.#words[row * WORDS + BEST_SENT] = header;
  }

  lastCommon(row: number): number {
    this.#catchUp(row);
    return this.#words[row * WORDS + LAST_COMMON]!;
  }

  setLastCommon(row: number, header: number): void {
    this.#catchUp(row);
    this.#words[row * WORDS + LAST_COMMON] = header;
    this.#change(this.#nodeOf(row));
  }

  heardAt(row: number): number {
    this.#catchUp(row);
    return this.#heardAt[row]!;
  }

  setHeardAt(row: number, time: number): void {
    this.#catchUp(row);
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
    this.#change(this.#nodeOf(row));
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
    this.#catchUp(row);
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
    const words = this.#nodeWords;
    const at = node * WORDS;
    // What was heard until now was heard by a node on the tip that it had.
    if (words[at + CALM_TIP] !== tip) this.#catchUpAll(node);
    words[at + CALM_TIP] = tip;
    words[at + CALM_COMING] = coming;
    this.#change(node);
  }

  #nodeOf(row: number): number {
    return this.#words[row * WORDS + MARKS]! >>> NODE_SHIFT;
  }

  #isTip(node: number, header: number): boolean {
    return this.#nodeWords[node * WORDS + CALM_TIP] === header;
  }

  #isCalm(node: number, header: number): boolean {
    return this.#isTip(node, header) || this.#nodeWords[node * WORDS + CALM_COMING] === header;
  }

  /** Whether the node will have heard of a header before a time that is to come. */
  #isExpected(node: number, header: number, at: number): boolean {
    if (this.#nodeWords[node * WORDS + EXPECTED] !== header) return false;
    const expectedAt = this.#nodeDoubles[node * DOUBLES + EXPECTED_AT]!;
    return expectedAt > this.now && expectedAt < at;
  }

  /**
   * A peer announces `header` at `time`, by its node's clock, 0 if that is not wanted. If the node would do no more than remember
   * it, that is done and the answer is true; else nothing is done. What the node does: HeaderSync.receive, BlockDownload.request.
   */
  takeKnown(row: number, header: number, tree: HeaderTree, time: number): boolean {
    this.#catchUp(row);
    const node = this.#nodeOf(row);
    if (!this.#isCalm(node, header) || !this.#fits(row, node, header, tree)) return false;
    this.#note(row, node, header, tree.parent(header), time);
    return true;
  }

  /** Whether what is known of the peer lets an announcement of what its node has, or waits for, be nothing new. */
  #fits(row: number, node: number, header: number, tree: HeaderTree): boolean {
    const words = this.#words;
    const at = row * WORDS;
    if ((words[at + MARKS]! & SETTLED) === 0) return false;
    const best = words[at + BEST_KNOWN]!;
    if (best !== header && !(tree.isLive(best) && tree.compareWork(header, best) >= 0)) return false;
    return this.#isTip(node, header) || isNear(words[at + LAST_COMMON]!, header, tree);
  }

  #note(row: number, node: number, header: number, parent: number, time: number): void {
    const at = row * WORDS;
    this.#words[at + BEST_KNOWN] = header;
    this.#words[at + LAST_COMMON] = this.#isTip(node, header) ? header : parent;
    if (time !== 0) this.#heardAt[row] = time;
  }

  // Announcements that were left before they came

  /**
   * An announcement of `header` will come in `wait` microseconds, when the node's clock shows `time`, 0 if that is not wanted. If
   * the node will have heard of it by then, it is left here and the answer is true: the host need not deliver it.
   */
  leave(row: number, header: number, tree: HeaderTree, wait: number, time: number): boolean {
    const at = this.now + wait;
    this.#catchUp(row);
    const node = this.#nodeOf(row);
    const words = this.#words;
    if (words[row * WORDS + LEFT] !== ABSENT) return false;
    if (!this.#isCalm(node, header) && !this.#isExpected(node, header, at)) return false;
    if (!this.#fits(row, node, header, tree)) return false;
    words[row * WORDS + LEFT] = header;
    words[row * WORDS + LEFT_PARENT] = tree.parent(header);
    this.#doubles[row * DOUBLES + LEFT_AT] = at;
    if (this.#timesHeard || time !== 0) this.#noteLeftHeard(row, time);
    const last = node * DOUBLES + LAST_LEFT_AT;
    if (at > this.#nodeDoubles[last]!) this.#nodeDoubles[last] = at;
    return true;
  }

  /** Fetches the first `count` of `rows`, which are far apart, so that {@link leave} finds them at hand. */
  fetch(rows: Int32Array, count: number): void {
    let words = 0;
    for (let i = 0; i < count; i++) words |= this.#words[rows[i]! * WORDS + MARKS]!;
    this.fetched = words;
  }

  /** Most worlds want no times: their column is not touched. */
  #noteLeftHeard(row: number, time: number): void {
    this.#timesHeard = true;
    this.#leftHeardAt[row] = time;
  }

  /** An announcement that is not left here will come in `wait` microseconds. */
  expect(row: number, header: number, wait: number): void {
    const at = this.now + wait;
    const node = this.#nodeOf(row);
    const expectedAt = node * DOUBLES + EXPECTED_AT;
    const isSooner =
      !this.#isExpected(node, header, Number.POSITIVE_INFINITY) || at < this.#nodeDoubles[expectedAt]!;
    if (!isSooner) return;
    this.#nodeWords[node * WORDS + EXPECTED] = header;
    this.#nodeDoubles[expectedAt] = at;
  }

  /** An announcement that was not left here has come, and whatever followed is done. */
  met(row: number): void {
    this.#change(this.#nodeOf(row));
  }

  /** What was left with a row has been heard, if its time has come. */
  #catchUp(row: number): void {
    if (this.#words[row * WORDS + LEFT] === ABSENT) return;
    if (this.#doubles[row * DOUBLES + LEFT_AT]! <= this.now) this.#hear(row);
  }

  #hear(row: number): void {
    const at = row * WORDS;
    const header = this.#words[at + LEFT]!;
    this.#words[at + LEFT] = ABSENT;
    this.#note(row, this.#nodeOf(row), header, this.#words[at + LEFT_PARENT]!, this.#leftHeardAt[row]!);
  }

  #catchUpAll(node: number): void {
    for (const first of this.#chunksOf[node]!)
      for (let row = first; row < first + CHUNK; row++) this.#catchUp(row);
  }

  #change(node: number): void {
    if (this.#nodeDoubles[node * DOUBLES + LAST_LEFT_AT]! <= this.now) return;
    if (this.#changed.at(-1) !== node) this.#changed.push(node);
  }

  /** Names the announcements left here that would be news by now. To be called whenever something was done to any node. */
  takeAstray(tree: HeaderTree, recalled: Recalled): void {
    for (let node = this.#changed.pop(); node !== undefined; node = this.#changed.pop()) {
      for (const first of this.#chunksOf[node]!)
        for (let row = first; row < first + CHUNK; row++)
          if (this.#isAstray(row, node, tree)) this.recall(row, recalled);
    }
  }

  #isAstray(row: number, node: number, tree: HeaderTree): boolean {
    this.#catchUp(row);
    const header = this.#words[row * WORDS + LEFT]!;
    if (header === ABSENT) return false;
    const at = this.#doubles[row * DOUBLES + LEFT_AT]!;
    const isKnown = this.#isCalm(node, header) || this.#isExpected(node, header, at);
    return !isKnown || !this.#fits(row, node, header, tree);
  }

  /** Nothing is left with a row any more: what has not come yet is named. */
  recall(row: number, recalled: Recalled): void {
    this.#catchUp(row);
    const at = row * WORDS;
    const header = this.#words[at + LEFT]!;
    if (header === ABSENT) return;
    this.#words[at + LEFT] = ABSENT;
    recalled(row, header, this.#doubles[row * DOUBLES + LEFT_AT]!);
  }

  /** Likewise for all rows: before chains are folded. */
  recallAll(recalled: Recalled): void {
    for (let row = 0; row < this.#rows; row++) this.recall(row, recalled);
  }
}

/** Whether both lie in one window of blocks to ask for. */
const isNear = (common: number, header: number, tree: HeaderTree): boolean =>
  tree.isLive(common) && tree.height(header) - tree.height(common) < NEAR;
