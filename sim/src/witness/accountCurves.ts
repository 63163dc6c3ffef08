import { assert } from "@fluxlab/core";
import { bestTip, firstSight, type NetworkAccount, spreadSeconds } from "./account.ts";
import { median } from "./median.ts";

const SECOND = 1_000_000;

/** What a network was like at moments, a value each; NaN: nothing to tell there. */
export interface AccountCurves {
  /** Highest block of the best chain that somebody had. */
  readonly height: Float64Array;
  /** Chains that nodes of the newest rules followed. */
  readonly tips: Float64Array;
  /** Median seconds until half of the nodes, and all, had the blocks that came since the moment before. */
  readonly half: Float64Array;
  readonly all: Float64Array;
}

/** `seconds`: the moments, rising. What lies after the account's end is NaN. */
export function accountCurves(account: NetworkAccount, seconds: readonly number[]): AccountCurves {
  const { witness, params, duration } = account;
  const main = new Set<string>();
  for (let at = bestTip(account, params); at !== undefined; at = at.parent) main.add(at.hash);
  const blocks = [...witness.blocks.values()]
    .filter(({ block }) => main.has(block.hash))
    .map((seen) => ({
      ...{ height: seen.block.height, time: firstSight(seen) / SECOND },
      ...{ half: spreadSeconds(account, seen, 1 / 2), all: spreadSeconds(account, seen, 1) },
    }))
    .sort((a, b) => a.time - b.time);
  const agreement = witness.agreementUnder(params);
  const column = () => new Float64Array(seconds.length).fill(Number.NaN);
  const curves = { height: column(), tips: column(), half: column(), all: column() };
  let height = blocks.reduce((least, block) => Math.min(least, block.height), Number.POSITIVE_INFINITY) - 1;
  if (!Number.isFinite(height)) height = bestTip(account, params)?.height ?? 0;
  let [next, change] = [0, 0];
  for (const [i, at] of seconds.entries()) {
    assert(i === 0 || at > seconds[i - 1]!, "moments rise");
    if (at * SECOND > duration) break;
    const first = next;
    while (next < blocks.length && blocks[next]!.time <= at)
      height = Math.max(height, blocks[next++]!.height);
    while (change < agreement.length && agreement[change]!.time <= at * SECOND) change++;
    const since = blocks.slice(first, next);
    curves.height[i] = height;
    if (change > 0) curves.tips[i] = agreement[change - 1]!.tips;
    curves.half[i] = median(since.map(({ half }) => half));
    curves.all[i] = median(since.map(({ all }) => all));
  }
  return curves;
}
