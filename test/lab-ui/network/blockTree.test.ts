import fc from "fast-check";
import { expect, test } from "vitest";
import { BlockTree, laneColor, tipShares } from "../../../lab-ui/src/network/blockTree.ts";
import { chainBoxes, deepestFork, leftBranches } from "../../../lab-ui/src/network/chainGeometry.ts";

/** A tree by the parents of its blocks from row 1 on. */
function treeOf(parents: readonly number[]): BlockTree {
  const tree = new BlockTree();
  const heights = [0];
  for (const parent of parents) heights.push(heights[parent]! + 1);
  tree.append({
    parent: Uint32Array.from(parents),
    height: Uint32Array.from(heights.slice(1)),
    miner: Uint32Array.from(parents, (_, i) => i % 3),
    seconds: Float64Array.from(parents, (_, i) => i + 1),
    hash: new Uint8Array(parents.length * 32).map((_, i) => i % 32),
  });
  return tree;
}

const anyTree = fc
  .array(fc.nat(), { minLength: 1, maxLength: 40 })
  .map((draws) => treeOf(draws.map((draw, i) => Math.max(i - (draw % 4), 0))));

const ancestors = (tree: BlockTree, block: number): number[] =>
  block === 0 ? [0] : [block, ...ancestors(tree, tree.parent[block]!)];

test("lane 0 is the chain to the main block, and on other lanes every block follows its lane's one before", () => {
  fc.assert(
    fc.property(anyTree, fc.nat(), (tree, draw) => {
      const main = draw % tree.length;
      tree.drawLanes(main);
      const chain = new Set(ancestors(tree, main));
      for (let row = 1; row < tree.length; row++) {
        const lane = tree.lane[row]!;
        expect(lane === 0).toBe(chain.has(row));
        if (lane !== 0) expect(lane === row || tree.lane[tree.parent[row]!] === lane).toBe(true);
        if (lane !== 0) expect(laneColor(lane)).toBeGreaterThan(0);
      }
    }),
  );
});

test("boxes do not lie on one another, and stand right of their parents", () => {
  fc.assert(
    fc.property(anyTree, fc.nat(), fc.nat(8), (tree, draw, firstHeight) => {
      const tip = draw % tree.length;
      tree.drawLanes(tip);
      const boxes = chainBoxes(tree, tree.length, tip, { firstHeight, columns: 12 });
      expect(new Set(boxes.map(({ column, row }) => `${column} ${row}`)).size).toBe(boxes.length);
      for (const { block, column, parent, onMain, row } of boxes) {
        expect(column).toBe(tree.height[block]! - firstHeight);
        if (parent !== undefined) expect(parent.column).toBe(column - 1);
        expect(row === 0).toBe(onMain);
      }
    }),
  );
});

test("a fork is listed with its length, and how deep nodes are on it", () => {
  const tree = treeOf([0, 1, 2, 3, 2, 5]); // 0-1-2-3-4 and 2-5-6
  expect(leftBranches(tree, tree.length, 4)).toEqual([
    { forkHeight: 2, blocks: 2, firstBlock: 5, lastBlock: 6, miners: 2 },
  ]);
  expect(leftBranches(tree, 5, 4)).toEqual([]);
  expect(deepestFork(tree, [6, 4, 3], 4)).toBe(2);
  expect(deepestFork(tree, [3, 4], 4)).toBe(0);
  expect(tree.commonAncestor(6, 4)).toBe(2);
  expect(tree.countAt(3.5)).toBe(4);
  expect(tree.hash[2]).toBe(
    Array.from({ length: 32 }, (_, i) => (31 - i).toString(16).padStart(2, "0")).join(""),
  );
});

test("tips are counted, the most common first and of equals the later block", () => {
  expect(tipShares(Uint32Array.of(4, 6, 4, 3, 6))).toEqual([
    { block: 6, nodes: 2 },
    { block: 4, nodes: 2 },
    { block: 3, nodes: 1 },
  ]);
});
