import { parseDisplayHash, SproutTree, sha256Compress } from "@fluxlab/core";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { expect, test } from "vitest";

const DEPTH = 29;

/** The root by the definition: level by level, absent notes filled in. */
function plainRoot(notes: readonly Uint8Array[]): Uint8Array {
  let level = [...notes];
  let empty: Uint8Array = new Uint8Array(32);
  for (let depth = 0; depth < DEPTH; depth++) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(sha256Compress(level[i]!, level[i + 1] ?? empty));
    level = above;
    empty = sha256Compress(empty, empty);
  }
  return level[0] ?? empty;
}

test("the compression is SHA-256's: of a padded block it gives the hash", () => {
  const message = fc.uint8Array({ maxLength: 55 });
  const holds = fc.property(message, (bytes) => {
    const block = new Uint8Array(64);
    block.set(bytes);
    block[bytes.length] = 0x80;
    new DataView(block.buffer).setUint32(60, bytes.length * 8);
    expect(sha256Compress(block.subarray(0, 32), block.subarray(32))).toEqual(sha256(bytes));
  });
  fc.assert(holds);
});

test("a tree without notes has the root that fluxd names", () => {
  const root = "59d2cde5e65c1414c32ba54f0fe4bdb3d67618125286e6a191317917c812c6d7";
  expect(SproutTree.EMPTY.root).toEqual(parseDisplayHash(root));
});

test("appending in any portions gives the root of all notes, and leaves the earlier trees as they were", () => {
  const notes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 5 });
  const holds = fc.property(fc.array(notes, { maxLength: 6 }), (portions) => {
    const trees = [SproutTree.EMPTY];
    for (const portion of portions) trees.push(trees.at(-1)!.append(portion));
    for (const [i, tree] of trees.entries())
      expect(tree.root).toEqual(plainRoot(portions.slice(0, i).flat()));
  });
  fc.assert(holds, { numRuns: 40 });
});
