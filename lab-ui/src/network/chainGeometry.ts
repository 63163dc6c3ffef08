import type { BlockTree } from "./blockTree.ts";

// The block tree near a height as boxes in rows: the chain that most nodes are on in the first, each other branch in the first row
// below that has room for it.

export interface ChainBox {
  readonly block: number;
  readonly height: number;
  /** Columns from the left end of the window, and rows from the top. */
  readonly column: number;
  readonly row: number;
  readonly lane: number;
  readonly onMain: boolean;
  /** Where its parent stands; undefined if that is out of sight. */
  readonly parent: { readonly column: number; readonly row: number } | undefined;
}

export interface ChainWindow {
  readonly firstHeight: number;
  readonly columns: number;
}

/** Boxes of the blocks below row `count` in a window of heights. */
export function chainBoxes(
  tree: BlockTree,
  count: number,
  tip: number,
  { firstHeight, columns }: ChainWindow,
): ChainBox[] {
  const main = tree.chainTo(tip);
  const inWindow = (block: number) =>
    tree.height[block]! >= firstHeight && tree.height[block]! < firstHeight + columns;
  const blocks: number[] = [];
  for (let block = 0; block < count; block++) if (inWindow(block)) blocks.push(block);
  const rows = branchRows(
    tree,
    blocks.filter((block) => main[block] === 0),
  );
  const place = (block: number) => ({
    column: tree.height[block]! - firstHeight,
    row: main[block] === 1 ? 0 : rows.get(tree.lane[block]!)!,
  });
  return blocks.map((block) => ({
    block,
    height: tree.height[block]!,
    ...place(block),
    lane: tree.lane[block]!,
    onMain: main[block] === 1,
    parent: block > 0 && inWindow(tree.parent[block]!) ? place(tree.parent[block]!) : undefined,
  }));
}

/** Rows of branches, by lane: from 1 on, each the first in which nothing is in the way. */
function branchRows(tree: BlockTree, blocks: readonly number[]): Map<number, number> {
  const spans = new Map<number, [first: number, last: number]>();
  for (const block of blocks) {
    const height = tree.height[block]!;
    const [first, last] = spans.get(tree.lane[block]!) ?? [height, height];
    spans.set(tree.lane[block]!, [Math.min(first, height), Math.max(last, height)]);
  }
  const ends: number[] = [];
  const rows = new Map<number, number>();
  for (const [lane, [first, last]] of [...spans].sort((a, b) => a[1][0] - b[1][0] || a[0] - b[0])) {
    const free = ends.findIndex((end) => end < first - 1);
    const row = free < 0 ? ends.length : free;
    ends[row] = last;
    rows.set(lane, row + 1);
  }
  return rows;
}

/** A branch that is not on the chain most nodes are on. */
export interface LeftBranch {
  /** Height of the last block it shares with that chain. */
  readonly forkHeight: number;
  readonly blocks: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly miners: number;
}

/** Branches of the blocks below row `count` besides the chain to a tip, the newest first. */
export function leftBranches(tree: BlockTree, count: number, tip: number): LeftBranch[] {
  const main = tree.chainTo(tip);
  const hasChild = new Uint8Array(count);
  for (let block = 1; block < count; block++) hasChild[tree.parent[block]!] = 1;
  const branches: LeftBranch[] = [];
  for (let end = count - 1; end > 0; end--) {
    if (main[end] === 1 || hasChild[end] === 1) continue;
    let [first, blocks] = [end, 1];
    const miners = new Set([tree.miner[end]!]);
    while (main[tree.parent[first]!] === 0) {
      first = tree.parent[first]!;
      miners.add(tree.miner[first]!);
      blocks++;
    }
    const forkHeight = tree.height[tree.parent[first]!]!;
    branches.push({ forkHeight, blocks, firstBlock: first, lastBlock: end, miners: miners.size });
  }
  return branches;
}

/** Blocks on the longest branch that some node is on besides the chain to a tip; 0: all are on that chain. */
export function deepestFork(tree: BlockTree, tips: Iterable<number>, tip: number): number {
  let deepest = 0;
  for (const other of tips) {
    const common = tree.commonAncestor(other, tip);
    if (common !== tip) deepest = Math.max(deepest, tree.height[other]! - tree.height[common]!);
  }
  return deepest;
}
