import { type Block, contentId } from "../primitives/block.ts";
import type { ContentId } from "../primitives/ids.ts";
import { ABSENT, KeyTable } from "../state/keyTable.ts";
import { setHashKey } from "./hashTable.ts";

/**
 * Decoded blocks by content: whatever two contents share, a producer's signature or a node's that differs makes them two.
 * Only grows, and any number of nodes share one. Contents have dense numbers.
 */
export class BlockStore {
  readonly #rows: KeyTable;
  readonly #blocks: Block[];
  /** Blocks that are handed around as they are need not be hashed again. */
  readonly #known: WeakMap<Block, number>;

  constructor() {
    this.#rows = new KeyTable(8);
    this.#blocks = [];
    this.#known = new WeakMap();
  }

  /** Contents stored: their numbers are below it. */
  get size(): number {
    return this.#blocks.length;
  }

  /** Number of a block's content, or {@link ABSENT}. */
  find(block: Block): number {
    return this.#known.get(block) ?? this.#lookUp(block, contentId(block));
  }

  /** Number of a block's content, from now on stored. The block is kept and must not change. */
  add(block: Block): number {
    const known = this.#known.get(block);
    if (known !== undefined) return known;
    const id = contentId(block);
    const found = this.#lookUp(block, id);
    if (found !== ABSENT) return found;
    setHashKey(this.#rows, id);
    const content = this.#rows.add();
    this.#blocks.push(block);
    this.#known.set(block, content);
    return content;
  }

  #lookUp(block: Block, id: ContentId): number {
    setHashKey(this.#rows, id);
    const content = this.#rows.find();
    if (content !== ABSENT) this.#known.set(block, content);
    return content;
  }

  /** The block of a content number. */
  block(content: number): Block {
    return this.#blocks[content]!;
  }
}
