import fc from "fast-check";
import { expect, test } from "vitest";
import { type Waits, waitBins, waitPercentile, waitSummary } from "../../../reports/src/metrics/waits.ts";

const waitsOf = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 400 }), fc.integer({ min: 1, max: 30 })), {
    minLength: 1,
    maxLength: 40,
    selector: ([length]) => length,
  })
  .map(
    (entries): Waits =>
      entries.map(([length, count]) => [length * 120, count] as const).sort((a, b) => a[0] - b[0]),
  );

/** Every single wait, ascending: what the histogram stands for. */
const spelledOut = (waits: Waits): number[] =>
  waits.flatMap(([seconds, count]) => Array.from({ length: count }, () => seconds));

test("a percentile of the histogram is that of the waits it stands for", () => {
  fc.assert(
    fc.property(waitsOf, fc.integer({ min: 0, max: 100 }), (waits, percent) => {
      const all = spelledOut(waits);
      // The definition, read aloud: the shortest wait with at least that part of all waits as short or shorter.
      const obvious = all.find(
        (seconds) => all.filter((other) => other <= seconds).length * 100 >= percent * all.length,
      );
      expect(waitPercentile(waits, percent)).toBe(obvious);
    }),
  );
});

test("the summary has the waits' count, mean and ends", () => {
  fc.assert(
    fc.property(waitsOf, (waits) => {
      const all = spelledOut(waits);
      const summary = waitSummary(waits)!;
      expect(summary.count).toBe(all.length);
      expect(summary.mean).toBeCloseTo(all.reduce((sum, seconds) => sum + seconds, 0) / all.length, 6);
      expect([summary.shortest, summary.longest]).toEqual([Math.min(...all), Math.max(...all)]);
    }),
  );
});

test("no tier is summed up from no waits", () => {
  expect(waitSummary([])).toBeUndefined();
  expect(waitBins([], 10)).toEqual([]);
});

test("a histogram has at most as many bars as asked for, of one width, and every wait in the bar it belongs to", () => {
  fc.assert(
    fc.property(waitsOf, fc.integer({ min: 1, max: 50 }), (waits, most) => {
      const bins = waitBins(waits, most);
      expect(bins.length).toBeLessThanOrEqual(most);
      expect(new Set(bins.map(({ from, to }) => to - from)).size).toBe(1);
      for (const { from, to, count } of bins) {
        expect(count).toBe(spelledOut(waits).filter((seconds) => seconds >= from && seconds < to).length);
      }
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(spelledOut(waits).length);
    }),
  );
});
