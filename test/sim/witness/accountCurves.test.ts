import { accountCurves, bestTip, convergenceSeconds, measureSpread } from "@fluxlab/sim";
import { expect, test } from "vitest";
import { played, smallWorld } from "./labRuns.ts";

const account = played(smallWorld({ run: "2 min" }));
const best = bestTip(account, account.params)!;

test("curves follow the best chain to its tip, and stop where the account does", () => {
  const moments = [30, 60, 90, 120, 150];
  const { height, tips, half, all } = accountCurves(account, moments);
  expect(height[3]).toBe(best.height);
  for (const [i, at] of moments.slice(0, 4).entries()) {
    // The obvious way: the highest block of the chain that somebody had by then.
    let highest = 120;
    for (let block: typeof best | undefined = best; block !== undefined; block = block.parent) {
      const seen = account.witness.blocks.get(block.hash);
      const times = Array.from(seen?.arrivals ?? []).filter((time) => !Number.isNaN(time));
      if (times.length > 0 && Math.min(...times) <= at * 1e6) highest = Math.max(highest, block.height);
    }
    expect(height[i]).toBe(highest);
    expect(tips[i]).toBeGreaterThanOrEqual(1);
    if (!Number.isNaN(all[i]!)) expect(all[i]).toBeGreaterThanOrEqual(half[i]!);
  }
  for (const curve of [height, tips, half, all]) expect(curve[4]).toBeNaN();
});

test("over the whole run at once the means are those of the measure", () => {
  const { half, all } = accountCurves(account, [account.duration / 1e6]);
  const measure = measureSpread(account, () => true);
  expect(half[0]).toBeCloseTo(measure.halfSeconds, 9);
  expect(all[0]).toBeCloseTo(measure.allSeconds, 9);
  expect(convergenceSeconds(account)).toBeDefined();
});
