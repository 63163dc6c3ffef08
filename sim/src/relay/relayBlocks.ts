/** Percent of all nodes whose arrival times are kept of every block; 100 is the last node. */
export const ARRIVAL_PERCENTS = [50, 90, 99, 100] as const;

/** Every block of a run, a row each; row 0 is the genesis block, which everybody has. */
export class RelayBlocks {
  readonly parent: number[] = [0];
  readonly height: number[] = [0];
  readonly miner: number[] = [0];
  /** Microseconds. */
  readonly minedAt: number[] = [0];
  /** Microseconds after it was mined at which {@link ARRIVAL_PERCENTS} of the nodes had it; NaN if so many never got it. */
  readonly arrivals: readonly number[][] = ARRIVAL_PERCENTS.map(() => [0]);
  /** Nodes that have it. */
  readonly reached: number[] = [0];
  readonly #ranks: readonly number[];
  #highest = 0;

  constructor(nodes: number) {
    this.#ranks = ARRIVAL_PERCENTS.map((percent) => Math.max(Math.ceil((nodes * percent) / 100), 1));
  }

  get length(): number {
    return this.parent.length;
  }

  add(parent: number, miner: number, minedAt: number): number {
    this.parent.push(parent);
    const height = this.height[parent]! + 1;
    this.height.push(height);
    this.#highest = Math.max(height, this.#highest);
    this.miner.push(miner);
    this.minedAt.push(minedAt);
    for (const column of this.arrivals) column.push(Number.NaN);
    return this.reached.push(0) - 1;
  }

  /** Height of the highest block. */
  get highest(): number {
    return this.#highest;
  }

  /**
   * Blocks of the chain that won, from the first on: that of the highest block above `settled`, which is on it; of several highest that
   * of the first mined, as none was built on. Height decides only between chains of one proof: where there are two, `settled` must.
   */
  mainChain(settled = 0): number[] {
    const above = new Uint8Array(this.length);
    let last = settled;
    above[settled] = 1;
    for (let block = settled + 1; block < this.length; block++) {
      above[block] = above[this.parent[block]!]!;
      if (above[block] === 1 && this.height[block]! > this.height[last]!) last = block;
    }
    const chain: number[] = [];
    for (let block = last; block !== 0; block = this.parent[block]!) chain.push(block);
    return chain.reverse();
  }

  /** A node got the block at this time; times must not fall. */
  arrived(block: number, time: number): void {
    const reached = ++this.reached[block]!;
    for (let i = 0; i < this.#ranks.length; i++) {
      if (this.#ranks[i] === reached) this.arrivals[i]![block] = time - this.minedAt[block]!;
    }
  }
}
