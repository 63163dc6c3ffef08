import type { TraceRows } from "@fluxlab/sim";

// Which block each node was on at any moment: every change of a tip as columns in chunks, and at the beginning of each chunk what
// all nodes were on. A moment is found by bisection, and costs one chunk at most however long the run; the oldest chunks go when
// there are too many.

/** Changes of a chunk, and chunks that are kept: four million changes, of 20 bytes each, and a tip a node and chunk. */
const CHUNK_ROWS = 65_536;
const MOST_CHUNKS = 64;

const BEFORE = Number.NEGATIVE_INFINITY;

class Chunk {
  readonly seconds: Float64Array;
  readonly node: Uint32Array;
  readonly block: Uint32Array;
  readonly from: Int32Array;
  /** Of all nodes before the first row: which block, and since when. */
  readonly tips: Uint32Array;
  readonly since: Float64Array;
  rows = 0;

  constructor(size: number, tips: Uint32Array, since: Float64Array) {
    this.seconds = new Float64Array(size);
    this.node = new Uint32Array(size);
    this.block = new Uint32Array(size);
    this.from = new Int32Array(size);
    this.tips = tips.slice();
    this.since = since.slice();
  }

  /** Rows up to a moment, that included. */
  upTo(seconds: number): number {
    let [low, high] = [0, this.rows];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.seconds[middle]! <= seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A change of a tip. */
export interface TipChange {
  readonly seconds: number;
  readonly node: number;
  readonly block: number;
  /** By whose message; -1: nobody's. */
  readonly from: number;
}

/** What nodes were on at a moment, by node; kept up to date by {@link TipHistory.read}. */
export interface TipsAtMoment {
  /** Rows of the block tree. */
  readonly tips: Uint32Array;
  /** Since when, seconds; -Infinity: from the beginning. */
  readonly since: Float64Array;
}

export class TipHistory {
  readonly nodes: number;
  readonly #chunkRows: number;
  readonly #mostChunks: number;
  #chunks: Chunk[];
  /** After the newest row. */
  readonly #tips: Uint32Array;
  readonly #since: Float64Array;

  // The moment read last, and what it was.
  #at: Chunk;
  #row = 0;
  readonly #moment: TipsAtMoment;

  constructor(nodes: number, chunkRows = CHUNK_ROWS, mostChunks = MOST_CHUNKS) {
    this.nodes = nodes;
    this.#chunkRows = chunkRows;
    this.#mostChunks = mostChunks;
    this.#tips = new Uint32Array(nodes);
    this.#since = new Float64Array(nodes).fill(BEFORE);
    this.#chunks = [new Chunk(chunkRows, this.#tips, this.#since)];
    this.#at = this.#chunks[0]!;
    this.#moment = { tips: this.#tips.slice(), since: this.#since.slice() };
  }

  /** Rows that are kept. */
  get rows(): number {
    return this.#chunks.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** The first moment that is known, seconds; 0 unless something was let go. */
  get firstSeconds(): number {
    const [first] = this.#chunks;
    return this.#chunks.length === this.#mostChunks ? (first!.seconds[0] ?? 0) : 0;
  }

  /** What nodes are on after the newest change. */
  get newest(): Uint32Array {
    return this.#tips;
  }

  append({ seconds, node, block, from }: TraceRows["tips"]): void {
    for (let i = 0; i < seconds.length; i++) {
      let chunk = this.#chunks.at(-1)!;
      if (chunk.rows === this.#chunkRows) chunk = this.#nextChunk();
      const row = chunk.rows++;
      chunk.seconds[row] = seconds[i]!;
      chunk.node[row] = node[i]!;
      chunk.block[row] = block[i]!;
      chunk.from[row] = from[i]!;
      this.#tips[node[i]!] = block[i]!;
      this.#since[node[i]!] = seconds[i]!;
    }
  }

  #nextChunk(): Chunk {
    const chunk = new Chunk(this.#chunkRows, this.#tips, this.#since);
    this.#chunks.push(chunk);
    if (this.#chunks.length > this.#mostChunks) this.#chunks.shift();
    return chunk;
  }

  /** What nodes were on at a moment. The answer is the same arrays each time: read again to have it anew. */
  read(seconds: number): TipsAtMoment {
    const chunk = this.#chunkAt(seconds);
    const row = chunk.upTo(seconds);
    const { tips, since } = this.#moment;
    let from = this.#row;
    if (chunk !== this.#at || row < from) {
      tips.set(chunk.tips);
      since.set(chunk.since);
      from = 0;
    }
    for (let i = from; i < row; i++) {
      tips[chunk.node[i]!] = chunk.block[i]!;
      since[chunk.node[i]!] = chunk.seconds[i]!;
    }
    this.#at = chunk;
    this.#row = row;
    return this.#moment;
  }

  /** The last chunk that begins before a moment, or the first there is. */
  #chunkAt(seconds: number): Chunk {
    const chunks = this.#chunks;
    let [low, high] = [0, chunks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const chunk = chunks[middle]!;
      if (chunk.rows > 0 && chunk.seconds[0]! <= seconds) low = middle + 1;
      else high = middle;
    }
    return chunks[Math.max(low - 1, 0)]!;
  }

  /** Changes after one moment and up to another, oldest first; the newest `most` of them. */
  between(after: number, upTo: number, most: number): TipChange[] {
    const found: TipChange[] = [];
    for (let at = this.#chunks.indexOf(this.#chunkAt(upTo)); at >= 0 && found.length < most; at--) {
      const chunk = this.#chunks[at]!;
      for (let i = chunk.upTo(upTo) - 1; i >= 0 && found.length < most; i--) {
        const seconds = chunk.seconds[i]!;
        if (seconds <= after) return found.reverse();
        found.push({ seconds, node: chunk.node[i]!, block: chunk.block[i]!, from: chunk.from[i]! });
      }
    }
    return found.reverse();
  }
}
