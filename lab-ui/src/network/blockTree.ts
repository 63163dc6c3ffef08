import type { TraceRows } from "@fluxlab/sim";

const HASH_BYTES = 32;

/**
 * The blocks of a run as they became known, a row each; row 0 is the one that all nodes begin with. A lane is a branch: a block's
 * first child stays on its lane, every further child begins a new one, so that a branch keeps its lane, and its colour, for good.
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
  readonly #children: number[] = [0];
  #lanes = 1;

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
      this.lane.push(this.#children[below]!++ === 0 ? this.lane[below]! : this.#lanes++);
      this.hash.push(displayHex(hash, i * HASH_BYTES));
      this.#children.push(0);
    }
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
