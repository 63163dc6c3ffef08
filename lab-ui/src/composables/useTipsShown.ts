import { grouped } from "@fluxlab/reports/metrics";
import { type ComputedRef, computed } from "vue";
import { type TipShare, tipShares } from "../network/blockTree.ts";
import { clockTime } from "../network/clockTime.ts";
import type { Moment } from "../state/moment.ts";
import type { SpreadLabRun } from "../state/spreadRuns.ts";
import { text } from "../text/en.ts";

/** Who is on which tip at a page's moment, the largest share first, and the moment in words: "25:00.000, height 169". */
export function useTipsShown(run: SpreadLabRun, { seconds }: Moment) {
  const shares: ComputedRef<readonly TipShare[]> = computed(() => {
    void run.revision; // the history grows in place
    return run.history === undefined ? [] : tipShares(run.history.tips.read(seconds.value).tips);
  });
  const shown = computed(() => {
    if (run.history === undefined) return "";
    const { tree, scene } = run.history;
    const height = scene.baseHeight + tree.height[shares.value[0]?.block ?? 0]!;
    return text.network.at(clockTime(seconds.value), grouped(height));
  });
  return { shares, shown };
}
