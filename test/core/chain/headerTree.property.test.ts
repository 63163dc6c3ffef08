import { type BlockHash, type BlockHeader, HeaderTree } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { assertProperty } from "../../support/property.ts";

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

/** How far below node n node n + 1 hangs: long branches, with forks near their ends and near the root. */
const anyBacks = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(80) }),
  { minLength: 1, maxLength: 200 },
);

function grown(backs: readonly number[]): { tree: HeaderTree; parents: number[] } {
  const tree = new HeaderTree(header(0));
  const parents = [-1];
  for (const back of backs) {
    const parent = Math.max(0, parents.length - 1 - back);
    const row = tree.add(header(parents.length), hashOf(parents.length), parent);
    expect(row).toBe(parents.length);
    parents.push(parent);
  }
  return { tree, parents };
}

const anyTree = anyBacks.map(grown);

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
  assertProperty(holds, { numRuns: 300 });
});

test("the subtree of a header is every header that descends from it, parents first", () => {
  const holds = fc.property(anyTree, fc.nat(), ({ tree, parents }, i) => {
    const root = i % parents.length;
    const rows = [...tree.subtree(root)];
    const expected = parents.map((_, row) => row).filter((row) => ancestry(parents, row).includes(root));
    expect(rows.toSorted((a, b) => a - b)).toEqual(expected);
    for (const [at, row] of rows.entries()) if (at > 0) expect(rows.indexOf(parents[row]!)).toBeLessThan(at);
  });
  assertProperty(holds, { numRuns: 100 });
});

test("folded at any headers, one above the other, the tree answers as before for all that it keeps", () => {
  const holds = fc.property(
    anyBacks,
    fc.array(fc.nat(), { maxLength: 4 }),
    fc.nat(),
    (backs, picks, more) => {
      const { tree, parents } = grown(backs);
      for (const pick of picks) {
        const root = tree.root + (pick % (tree.size - tree.root));
        if (tree.isLive(root)) tree.fold(root);
      }
      const ancestors = ancestry(parents, tree.root);
      const isKept = (row: number) => ancestors.includes(row) || ancestry(parents, row).includes(tree.root);
      // What is added after folding finds its ancestors too.
      const live = parents.map((_, row) => row).filter((row) => tree.isLive(row));
      const parent = live[more % live.length]!;
      expect(tree.add(header(parents.length), hashOf(parents.length), parent)).toBe(parents.length);
      parents.push(parent);
      const kept = parents.map((_, row) => row).filter(isKept);
      for (const row of kept) {
        const path = ancestry(parents, row);
        if (row > 0) expect(tree.find(hashOf(row))).toBe(row);
        expect([tree.isFolded(row), tree.isLive(row)]).toEqual([row < tree.root, row >= tree.root]);
        expect([tree.height(row), tree.time(row), tree.bits(row)]).toEqual([
          path.length - 1,
          row,
          header(row).bits,
        ]);
        expect(tree.parent(row)).toBe(parents[row]);
        expect(tree.header(row)).toEqual(header(row));
        for (const height of [0, tree.height(tree.root), path.length - 1])
          if (height < path.length) expect(tree.ancestor(row, height)).toBe(path[path.length - 1 - height]);
        const other = kept[more % kept.length]!;
        expect(tree.commonAncestor(row, other)).toBe(
          path.find((at) => ancestry(parents, other).includes(at)),
        );
        expect([...tree.subtree(row)].sort((a, b) => a - b)).toEqual(
          kept.filter((at) => ancestry(parents, at).includes(row)),
        );
      }
      for (const [row] of parents.entries()) {
        if (isKept(row)) continue;
        expect(tree.find(hashOf(row))).toBe(-1);
        expect([tree.isFolded(row), tree.isLive(row)]).toEqual([false, false]);
        expect(() => tree.header(row)).toThrow("nothing is asked of a header that was dropped");
      }
      expect(tree.liveHeaders).toBe(kept.filter((row) => row >= tree.root).length);
    },
  );
  assertProperty(holds, { numRuns: 40 });
});
