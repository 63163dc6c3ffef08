import type { ChainId } from "../../rules/assets/chains.ts";
import { assert } from "../../util/assert.ts";
import type { Random } from "../../util/random.ts";
import type { AssetOperation } from "./operations.ts";
import type { ParallelChain, ParallelEvent } from "./parallelChain.ts";

/** How a {@link MemoryChain} behaves. Chances are fractions: numerator, denominator. */
export interface MemoryChainOptions {
  readonly chain: ChainId;
  readonly blockIntervalMs: number;
  /** That a reorganisation happens after a block. */
  readonly reorgChance: readonly [number, number];
  /** Most blocks that one removes; each depth from 1 is as likely. */
  readonly maxReorgDepth: number;
  /** That an operation of a removed block never comes back, as when its coins were spent otherwise meanwhile. */
  readonly dropChance: readonly [number, number];
}

interface MemoryBlock {
  readonly height: number;
  readonly operations: readonly AssetOperation[];
}

/**
 * A chain in memory: a block every interval, which carries whatever was handed in since the last one, and reorganisations by
 * chance or by order. A reorganisation puts as many blocks in place of those it removes, at once; operations that survive
 * come back in the first of them, in their old order. Same stream, same history.
 */
export class MemoryChain implements ParallelChain {
  readonly chain: ChainId;
  readonly #options: MemoryChainOptions;
  readonly #random: Random;
  #waiting: AssetOperation[] = [];
  /** The latest blocks, oldest first, as many as can still be removed. */
  #recent: MemoryBlock[] = [];
  #height = 0;
  #events: ParallelEvent[] = [];

  constructor(options: MemoryChainOptions, random: Random) {
    assert(options.blockIntervalMs > 0, "a chain's blocks are some time apart");
    assert(options.maxReorgDepth >= 1, "a reorganisation removes a block or more");
    this.chain = options.chain;
    this.#options = options;
    this.#random = random;
  }

  /** Height of the latest block made; heights begin at 1. */
  get height(): number {
    return this.#height;
  }

  submit(operation: AssetOperation): void {
    this.#waiting.push(operation);
  }

  poll(timeMs: number): readonly ParallelEvent[] {
    const { blockIntervalMs, reorgChance, maxReorgDepth } = this.#options;
    while ((this.#height + 1) * blockIntervalMs <= timeMs) {
      this.#connect();
      if (this.#random.chance(...reorgChance)) this.reorganise(1 + this.#random.below(maxReorgDepth));
    }
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Replaces the latest `depth` blocks, or as many as there are and are kept. */
  reorganise(depth: number): void {
    const removed = this.#recent.splice(Math.max(0, this.#recent.length - depth));
    if (removed.length === 0) return;
    const top = this.#height;
    this.#height = top - removed.length;
    this.#events.push({ type: "reorganised", height: this.#height });
    const survivors = removed
      .flatMap(({ operations }) => operations)
      .filter(() => !this.#random.chance(...this.#options.dropChance));
    this.#waiting.unshift(...survivors);
    while (this.#height < top) this.#connect();
  }

  #connect(): void {
    const block: MemoryBlock = { height: ++this.#height, operations: this.#waiting };
    this.#waiting = [];
    this.#recent.push(block);
    if (this.#recent.length > this.#options.maxReorgDepth) this.#recent.shift();
    this.#events.push({ type: "connected", ...block });
  }
}
