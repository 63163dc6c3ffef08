import { type Block, contentId } from "../primitives/block.ts";
import type { ContentId } from "../primitives/ids.ts";
import { ABSENT, KeyTable } from "../state/keyTable.ts";
import { assert } from "../util/assert.ts";
import { setHashKey } from "./hashTable.ts";

interface StoredBlock {
  readonly block: Block;
  readonly id: ContentId;
  /** Of its header. */
  readonly row: number;
}

/**
 * Decoded blocks by content: whatever two contents share, a producer's signature or a node's that differs makes them two.
 * Any number of nodes share one. Contents have numbers that are never given twice.
 */
export class BlockStore {
  readonly #ids: KeyTable;
  /** Content by row of {@link #ids}. */
  readonly #contentOf: number[];
  /** By content. */
  readonly #stored: Map<number, StoredBlock>;
  /** Blocks that are handed around as they are need not be hashed again. */
  readonly #known: WeakMap<Block, number>;
  #next: number;

  constructor() {
    this.#ids = new KeyTable(8);
    this.#contentOf = [];
    this.#stored = new Map();
    this.#known = new WeakMap();
    this.#next = 0;
  }

  /** Contents stored. */
  get size(): number {
    return this.#stored.size;
  }

  /** Numbers given so far are below it. */
  get end(): number {
    return this.#next;
  }

  /** Number of a block's content, or {@link ABSENT}. */
  find(block: Block): number {
    const known = this.#known.get(block);
    return known !== undefined && this.#stored.has(known) ? known : this.#lookUp(block, contentId(block));
  }

  /** Number of a block's content, from now on stored. `row`: of its header. The block is kept and must not change. */
  add(block: Block, row: number): number {
    const known = this.#known.get(block);
    if (known !== undefined && this.#stored.has(known)) return known;
    const id = contentId(block);
    const found = this.#lookUp(block, id);
    if (found !== ABSENT) return found;
    const content = this.#next++;
    setHashKey(this.#ids, id);
    this.#contentOf[this.#ids.add()] = content;
    this.#stored.set(content, { block, id, row });
    this.#known.set(block, content);
    return content;
  }

  #lookUp(block: Block, id: ContentId): number {
    setHashKey(this.#ids, id);
    const at = this.#ids.find();
    if (at === ABSENT) return ABSENT;
    const content = this.#contentOf[at]!;
    this.#known.set(block, content);
    return content;
  }

  /** The block of a content number. */
  block(content: number): Block {
    const stored = this.#stored.get(content);
    assert(stored !== undefined, "a content that is asked for was not dropped");
    return stored.block;
  }

  /** Row of the header of a content number. */
  row(content: number): number {
    const stored = this.#stored.get(content);
    assert(stored !== undefined, "a content that is asked for was not dropped");
    return stored.row;
  }

  /** Forgets the contents of headers that are not kept, and says which. */
  dropUnless(isKept: (row: number) => boolean): number[] {
    const dropped: number[] = [];
    for (const [content, { id, row }] of this.#stored) {
      if (isKept(row)) continue;
      setHashKey(this.#ids, id);
      this.#ids.remove();
      this.#stored.delete(content);
      dropped.push(content);
    }
    return dropped;
  }
}
