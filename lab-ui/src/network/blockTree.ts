import type { TraceRows } from "@fluxlab/sim";

const HASH_BYTES = 32;

/**
 * The blocks of a run as they became known, a row each; row 0 is the one that all nodes begin with. A lane is a branch: 0 is the chain
 * that most nodes are on in the end, as far as it is known; another has the row of its first block.
 */
export class BlockTree {
  readonly parent: number[] = [0];
  /** Above the block that all begin with. */
  readonly height: number[] = [0];
  readonly miner: number[] = [-1];
  /** Since the run began. */
  readonly seconds: number[] = [0];
  readonly lane: number[] = [0];
  /** As shown to people; empty where blocks have no hashes. */
  readonly hash: string[] = [""];
  /** The end of lane 0, and how many blocks have a lane by it. */
  #main = 0;
  #laned = 1;

  get length(): number {
    return this.parent.length;
  }

  append({ parent, height, miner, seconds, hash }: TraceRows["blocks"]): void {
    for (let i = 0; i < parent.length; i++) {
      const below = parent[i]!;
      this.parent.push(below);
      this.height.push(height[i]!);
      this.miner.push(miner[i]!);
      this.seconds.push(seconds[i]!);
      this.lane.push(0);
      this.hash.push(displayHex(hash, i * HASH_BYTES));
    }
  }

  /** Gives every block its lane: `main` is the block that most nodes are on. */
  drawLanes(main: number): void {
    if (main === this.#main && this.#laned === this.length) return;
    const onMain = this.chainTo(main);
    const children = new Uint8Array(this.length);
    for (let row = 1; row < this.length; row++) {
      const below = this.parent[row]!;
      const goesOn = onMain[below] === 0 && children[below] === 0;
      children[below] = 1;
      this.lane[row] = onMain[row] === 1 ? 0 : goesOn ? this.lane[below]! : row;
    }
    this.#main = main;
    this.#laned = this.length;
  }

  /** Marks, by row, on the blocks of the chain that leads to one. */
  chainTo(tip: number): Uint8Array {
    const marks = new Uint8Array(this.length);
    for (let block = tip; block > 0; block = this.parent[block]!) marks[block] = 1;
    marks[0] = 1;
    return marks;
  }

  /** Rows of blocks mined up to a moment: those below the answer. */
  countAt(seconds: number): number {
    let [low, high] = [1, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.seconds[middle]! <= seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last block that two have in common. */
  commonAncestor(a: number, b: number): number {
    let [left, right] = [a, b];
    while (left !== right) {
      if (this.height[left]! >= this.height[right]!) left = this.parent[left]!;
      else right = this.parent[right]!;
    }
    return left;
  }
}

/** Colours that branches have: the first is lane 0's alone. */
const LANE_COLORS = 8;

/** Which of the colours a lane has. */
export const laneColor = (lane: number): number => (lane === 0 ? 0 : 1 + (lane % (LANE_COLORS - 1)));

/** The same as the page's style has it. */
export const laneStyle = (lane: number): string => `var(--lane-${laneColor(lane) + 1})`;

function displayHex(bytes: Uint8Array, start: number): string {
  if (bytes.length < start + HASH_BYTES) return "";
  let text = "";
  for (let i = HASH_BYTES - 1; i >= 0; i--) text += bytes[start + i]!.toString(16).padStart(2, "0");
  return text;
}

/** Nodes on one tip. */
export interface TipShare {
  readonly block: number;
  readonly nodes: number;
}

/** How many nodes are on which tip, the most first; of equals the later block. */
export function tipShares(tips: Uint32Array): TipShare[] {
  const counts = new Map<number, number>();
  for (let node = 0; node < tips.length; node++) counts.set(tips[node]!, (counts.get(tips[node]!) ?? 0) + 1);
  return Array.from(counts, ([block, nodes]) => ({ block, nodes })).sort(
    (a, b) => b.nodes - a.nodes || b.block - a.block,
  );
}
