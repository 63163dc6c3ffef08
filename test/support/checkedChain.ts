import { type Block, blockHash, type Observation, type Params } from "@fluxlab/core";
import type { CheckedNetwork, Checker } from "../../sim/src/checkers/checker.ts";
import { Watchman } from "../../sim/src/checkers/watchman.ts";

/** A sound chain for checkers to look at, genesis first, on a network of two nodes. */
export class CheckedChain {
  readonly blocks: readonly Block[];
  readonly last: Block;
  readonly height: number;
  readonly #params: Params;

  constructor(blocks: readonly Block[], params: Params) {
    this.blocks = blocks;
    this.last = blocks.at(-1)!;
    this.height = blocks.length - 1;
    this.#params = params;
  }

  /** Two honest nodes, linked, of which the first mines; their clocks show the last block's time. */
  network(changes: Partial<CheckedNetwork> = {}): CheckedNetwork {
    const { time } = this.last.header;
    return {
      nodes: 2,
      rulesOf: () => this.#params,
      isUp: () => true,
      clock: () => time,
      clockSetBackFrom: () => 0,
      adjustedTime: () => time,
      mines: (node) => node === 0,
      fluxnodesOf: () => [],
      isByzantine: () => false,
      linksOf: (node) => [1 - node],
      peerOf: (node) => 1 - node,
      blockOf: () => undefined,
      loadOf: () => ({ poolBytes: 0, blocksInFlight: 0, peers: 1 }),
      ...changes,
    };
  }

  /** A node's tip is a block of the last one's height, or of another. */
  tip(block: Block, disconnected = 0, height = this.height): Observation {
    return { kind: "tip", hash: blockHash(block.header), height, disconnected, connected: 1 };
  }

  /** What a checker says when a node has a chain whose last block is the one given. */
  said(checker: Checker, block: Block = this.last): string[] {
    const man = new Watchman(this.network({ blockOf: () => block }), [checker], this.blocks.slice(0, -1));
    man.observe(0, this.tip(block), 5);
    return man.findings.map(({ message, node, time }) => `${node} ${time} ${message}`);
  }
}
