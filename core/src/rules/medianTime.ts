import type { HeaderHistory } from "./headerHistory.ts";

/** Blocks whose times are looked at. Source: fluxd src/chain.h nMedianTimeSpan. */
const WINDOW = 11;

/** Reused by the function below, which is done with it when it returns. */
const sorted = new Uint32Array(WINDOW);

/**
 * Median of the times of block `height` and its up to ten ancestors; of an even number the later of the middle two.
 * Source: fluxd src/chain.h GetMedianTimePast.
 */
export function medianTimePast(
  history: Pick<HeaderHistory, "height" | "time">,
  height: number = history.height,
): number {
  const count = Math.min(WINDOW, height + 1);
  for (let i = 0; i < count; i++) {
    const time = history.time(height - i);
    let at = i;
    for (; at > 0 && sorted[at - 1]! > time; at--) sorted[at] = sorted[at - 1]!;
    sorted[at] = time;
  }
  return sorted[count >>> 1]!;
}
