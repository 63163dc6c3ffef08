import type { BlockHash, HeaderTree, Observation } from "@fluxlab/core";
import { RelayBlocks } from "../relay/relayBlocks.ts";

/** Learns from what nodes tell which blocks there were, when they reached whom, and who changed branches. */
export class NetworkRecorder {
  readonly blocks: RelayBlocks;
  /** How often a node left blocks for a better branch, by how many it left. */
  readonly reorganisations = new Map<number, number>();
  /** Of {@link blocks}, by row; undefined for that which all begin with. */
  readonly hashes: (BlockHash | undefined)[] = [undefined];
  readonly #nodes: number;
  /** Rows of {@link blocks} by rows of the header tree. */
  readonly #rows: Map<number, number>;
  /** Row of the block that all nodes begin with; up to it rows are that block and those before it. */
  readonly #base: number;
  /** Who has a block, while not everybody has: a node that comes back to a branch is not counted twice. */
  readonly #has = new Map<number, Uint8Array>();

  constructor(nodes: number, base = 0) {
    this.#nodes = nodes;
    this.#base = base;
    this.#rows = new Map([[base, 0]]);
    this.blocks = new RelayBlocks(nodes);
  }

  /** `time`: microseconds; `tree`: that of the node that tells. */
  observe(node: number, observation: Observation, time: number, tree: HeaderTree): void {
    if (observation.kind !== "tip") return;
    const { disconnected, connected } = observation;
    if (disconnected > 0) {
      this.reorganisations.set(disconnected, (this.reorganisations.get(disconnected) ?? 0) + 1);
    }
    let row = tree.find(observation.hash);
    for (let i = 0; i < connected && row > this.#base; i++) {
      this.#arrived(this.#block(row, node, time, tree), node, time);
      row = tree.parent(row);
    }
  }

  /** Row of {@link blocks} of a row of the header tree; 0 for what nodes began with. */
  rowOf(header: number): number {
    return this.#rows.get(header) ?? 0;
  }

  /** A block is first seen at its miner, at the time it was mined. */
  #block(row: number, node: number, time: number, tree: HeaderTree): number {
    const known = this.#rows.get(row);
    if (known !== undefined) return known;
    const block = this.blocks.add(this.#rows.get(tree.parent(row))!, node, time);
    this.#rows.set(row, block);
    this.hashes.push(tree.hash(row));
    this.#has.set(block, new Uint8Array(this.#nodes));
    return block;
  }

  #arrived(block: number, node: number, time: number): void {
    const has = this.#has.get(block);
    if (has === undefined || has[node] === 1) return;
    has[node] = 1;
    this.blocks.arrived(block, time);
    if (this.blocks.reached[block] === this.#nodes) this.#has.delete(block);
  }
}
