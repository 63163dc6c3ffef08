import type { MinedBlocks } from "@fluxlab/sim";
import { tipShares } from "./blockTree.ts";
import type { SpreadHistory } from "./spreadHistory.ts";

/** What a network was seen to be like at moments, as simulations of it are told: see AccountCurves of the simulator. */
export interface HistoryCurves {
  readonly height: Float64Array;
  readonly tips: Float64Array;
  readonly half: Float64Array;
  readonly all: Float64Array;
}

/** `seconds`: the moments, rising; what is to come is NaN. `blocks`: those of the history. */
export function historyCurves(
  { tips, scene, seconds: known }: SpreadHistory,
  blocks: MinedBlocks,
  seconds: readonly number[],
): HistoryCurves {
  const column = () => new Float64Array(seconds.length).fill(Number.NaN);
  const curves = { height: column(), tips: column(), half: column(), all: column() };
  let [block, height] = [0, scene.baseHeight];
  for (const [i, at] of seconds.entries()) {
    if (at > known) break;
    const [half, all] = [new Mean(), new Mean()];
    for (; block < blocks.height.length && blocks.minedSeconds[block]! <= at; block++) {
      if (blocks.onMainChain[block] === 0) continue;
      height = Math.max(height, scene.baseHeight + blocks.height[block]!);
      half.add(blocks.p50[block]!);
      all.add(blocks.all[block]!);
    }
    curves.height[i] = height;
    curves.tips[i] = tipShares(tips.read(at).tips).length;
    curves.half[i] = half.value;
    curves.all[i] = all.value;
  }
  return curves;
}

class Mean {
  #sum = 0;
  #count = 0;

  /** NaN counts for nothing. */
  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.#sum += value;
    this.#count++;
  }

  /** NaN: there were none. */
  get value(): number {
    return this.#sum / this.#count;
  }
}
