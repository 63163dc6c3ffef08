import type { Block } from "@fluxlab/core";

/** What was found when a store was opened. */
export interface StoreContents {
  /** Blocks that were kept. */
  readonly blocks: number;
  /** Bytes at the end that were no whole block and were taken off: what was being written when the process or machine died. */
  readonly bytesLost: number;
}

/**
 * Where a node keeps what it could not compute again: the blocks it took in, in the order in which it did. Everything else, the
 * tip included, follows from them. What was committed is there after any crash; of what was appended since, any number of the
 * first may be.
 */
export interface ChainStore {
  /** Hands over every block that was kept, in order, and drops each. Once, before anything is appended. */
  replay(take: (block: Block) => void): StoreContents;
  /** Adds a block behind the others. @throws if there is no room; then nothing was added, and later blocks may be */
  append(block: Block): void;
  /** Returns when all that was appended would survive the machine's loss of power. */
  commit(): void;
  /** Commits, and lets go of the files. */
  close(): void;
}
