import { type BlockHash, type BlockHeader, HeaderTree } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";

const ZERO = new Uint8Array(32);
const header = (time: number): BlockHeader => ({
  kind: "pow",
  version: 4,
  previousHash: ZERO,
  merkleRoot: ZERO,
  saplingRoot: ZERO,
  time,
  bits: 0x2000ffff + (time % 7),
  nonce: ZERO,
  solution: new Uint8Array(),
});

function hashOf(n: number): BlockHash {
  const hash = new Uint8Array(32);
  new DataView(hash.buffer).setUint32(0, n, true);
  return hash as BlockHash;
}

/** A tree whose node n + 1 hangs `back` nodes below node n: long branches, with forks near their ends and near the root. */
const anyTree = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(80) }), {
    minLength: 1,
    maxLength: 200,
  })
  .map((backs) => {
    const tree = new HeaderTree(header(0));
    const parents = [-1];
    for (const back of backs) {
      const parent = Math.max(0, parents.length - 1 - back);
      const row = tree.add(header(parents.length), hashOf(parents.length), parent);
      expect(row).toBe(parents.length);
      parents.push(parent);
    }
    return { tree, parents };
  });

/** Rows from `row` to genesis. */
function ancestry(parents: readonly number[], row: number): number[] {
  const rows: number[] = [];
  for (let at = row; at >= 0; at = parents[at]!) rows.push(at);
  return rows;
}

test("ancestors, meeting points and histories are what walking from parent to parent finds", () => {
  const holds = fc.property(anyTree, fc.nat(), fc.nat(), fc.nat(), ({ tree, parents }, i, j, k) => {
    const [a, b] = [i % parents.length, j % parents.length];
    const [fromA, fromB] = [ancestry(parents, a), ancestry(parents, b)];
    expect(tree.height(a)).toBe(fromA.length - 1);
    const height = k % fromA.length;
    const there = fromA[fromA.length - 1 - height]!;
    expect(tree.ancestor(a, height)).toBe(there);
    expect(tree.commonAncestor(a, b)).toBe(fromA.find((row) => fromB.includes(row)));
    expect([...tree.path(there, a), there].sort((x, y) => y - x)).toEqual(
      fromA.slice(0, fromA.indexOf(there) + 1),
    );
    const history = tree.history(a);
    expect(history.height).toBe(tree.height(a));
    for (const at of [height, history.height, 0, height]) {
      expect(history.time(at)).toBe(fromA[fromA.length - 1 - at]);
      expect(history.bits(at)).toBe(tree.bits(tree.ancestor(a, at)));
    }
  });
  fc.assert(holds, { numRuns: 300 });
});

test("the subtree of a header is every header that descends from it, parents first", () => {
  const holds = fc.property(anyTree, fc.nat(), ({ tree, parents }, i) => {
    const root = i % parents.length;
    const rows = [...tree.subtree(root)];
    const expected = parents.map((_, row) => row).filter((row) => ancestry(parents, row).includes(root));
    expect(rows.toSorted((a, b) => a - b)).toEqual(expected);
    for (const [at, row] of rows.entries()) if (at > 0) expect(rows.indexOf(parents[row]!)).toBeLessThan(at);
  });
  fc.assert(holds, { numRuns: 100 });
});
