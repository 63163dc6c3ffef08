import { equalBytes } from "../bytes/compare.ts";
import type { Block } from "../primitives/block.ts";
import { type BlockHeader, blockHash } from "../primitives/header.ts";
import type { StateDelta } from "../state/delta.ts";
import { sameValue } from "../util/sameValue.ts";
import { BlockStore } from "./blockStore.ts";
import type { ChainStart } from "./chainStart.ts";
import { GENESIS_ROW, HeaderTree } from "./headerTree.ts";

/** Number of the content of genesis, or of the block that chains begin with. */
export const GENESIS_CONTENT = 0;

/** Headers that are read from a disk and not folded yet. */
const FOLD_EVERY = 4_096;

/** What nodes share whatever their rules: headers, contents, and what a content does wherever rules agree on that. */
export class SharedBlocks {
  readonly tree: HeaderTree;
  readonly contents: BlockStore;
  /** The first delta found for each content. */
  readonly #deltas: Map<number, StateDelta>;

  /** With genesis alone, its content the first; or with a start, folded to its block. */
  constructor(begin: Block | ChainStart) {
    this.contents = new BlockStore();
    this.#deltas = new Map();
    if (!("state" in begin)) {
      this.tree = new HeaderTree(begin.header);
      this.contents.add(begin, GENESIS_ROW);
      return;
    }
    const { headers, block, state } = begin;
    const [first, ...others] = headers as readonly [BlockHeader, ...BlockHeader[]];
    this.tree = new HeaderTree(first, state.height - others.length);
    let row = GENESIS_ROW;
    for (const header of others) row = this.tree.add(header, blockHash(header), row);
    this.contents.add(block, row);
    this.tree.fold(row);
  }

  /**
   * Folded up to a block, with the headers between genesis and it, lowest first. Undefined if they are no chain.
   */
  static upTo(genesis: Block, headers: readonly BlockHeader[], root: Block): SharedBlocks | undefined {
    const blocks = new SharedBlocks(genesis);
    const { tree } = blocks;
    let row = GENESIS_ROW;
    for (const header of [...headers, root.header]) {
      if (!equalBytes(header.previousHash, tree.hash(row))) return undefined;
      row = tree.add(header, blockHash(header), row);
      // So that no more than some are objects at a time.
      if ((row - tree.root) % FOLD_EVERY === 0) tree.fold(row);
    }
    blocks.fold(row);
    blocks.contents.add(root, row);
    return blocks;
  }

  /** What is kept of what some rules found a content to do: the same object for all rules that find the same. */
  keepDelta(content: number, delta: StateDelta): StateDelta {
    const kept = this.#deltas.get(content);
    if (kept === undefined) this.#deltas.set(content, delta);
    return kept !== undefined && sameValue(kept, delta) ? kept : delta;
  }

  /** Makes `root` the root of the tree and forgets contents below it. Returns the contents forgotten. */
  fold(root: number): readonly number[] {
    this.tree.fold(root);
    const dropped = this.contents.dropUnless((row) => this.tree.isLive(row));
    for (const content of dropped) this.#deltas.delete(content);
    return dropped;
  }
}
