import { sha256Compress } from "../bytes/hash.ts";
import { assert } from "../util/assert.ts";

/** Levels above the leaves. Source: fluxd src/zcash/Zcash.h INCREMENTAL_MERKLE_TREE_DEPTH. */
const DEPTH = 29;

/** Root of a tree of each height without notes; an absent note is 32 zero bytes. */
const EMPTY_ROOTS: readonly Uint8Array[] = (() => {
  const roots: Uint8Array[] = [new Uint8Array(32)];
  for (let level = 0; level < DEPTH; level++) roots.push(sha256Compress(roots[level]!, roots[level]!));
  return roots;
})();

/**
 * The tree of all Sprout notes, as far as appending needs it: for each level the left half that waits for its right one. Never
 * changed: appending makes another tree. Source: fluxd src/zcash/IncrementalMerkleTree.cpp.
 */
export class SproutTree {
  /** By level, leaves first; undefined where no left half waits. */
  readonly #waiting: readonly (Uint8Array | undefined)[];
  /** What joinsplits name to say which notes they know: 32 bytes. */
  readonly root: Uint8Array;

  private constructor(waiting: readonly (Uint8Array | undefined)[]) {
    this.#waiting = waiting;
    this.root = rootOf(waiting);
  }

  /** The tree that {@link waiting} is of. */
  static of(waiting: readonly (Uint8Array | undefined)[]): SproutTree {
    return new SproutTree(waiting);
  }

  /** All there is to know of it: by level, leaves first, the left half that waits, 32 bytes; undefined where none does. */
  get waiting(): readonly (Uint8Array | undefined)[] {
    return this.#waiting;
  }

  /** Notes in it. */
  get size(): number {
    return this.#waiting.reduce((sum, half, level) => sum + (half === undefined ? 0 : 1 << level), 0);
  }

  /** Without notes. */
  static readonly EMPTY: SproutTree = new SproutTree([]);

  /** The tree with the commitments of further notes, 32 bytes each. */
  append(commitments: readonly Uint8Array[]): SproutTree {
    const waiting = [...this.#waiting];
    for (const commitment of commitments) {
      let node = commitment;
      let level = 0;
      for (let left = waiting[level]; left !== undefined; left = waiting[level]) {
        node = sha256Compress(left, node);
        waiting[level] = undefined;
        level++;
      }
      assert(level < DEPTH, "no chain has 2^29 Sprout notes");
      waiting[level] = node;
    }
    return new SproutTree(waiting);
  }
}

/** Fills up with absent notes from the right. */
function rootOf(waiting: readonly (Uint8Array | undefined)[]): Uint8Array {
  let node = EMPTY_ROOTS[0]!;
  for (let level = 0; level < DEPTH; level++) {
    const left = waiting[level];
    node = left === undefined ? sha256Compress(node, EMPTY_ROOTS[level]!) : sha256Compress(left, node);
  }
  return node;
}
