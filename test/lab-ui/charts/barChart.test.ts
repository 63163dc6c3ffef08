import fc from "fast-check";
import { expect, test } from "vitest";
import { byEffect, histogramBars, tornadoRows } from "../../../lab-ui/src/charts/barChart.ts";
import { fan } from "../../../lab-ui/src/charts/fan.ts";
import { assertProperty } from "../../support/property.ts";

test("bars are as high as their counts say and stand in their box", () => {
  assertProperty(
    fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 50 }), (counts) => {
      const bins = counts.map((count, i) => ({ from: i * 10, to: i * 10 + 10, count }));
      const bars = histogramBars(bins, 400, 100);
      const most = Math.max(...counts, 1);
      for (const [i, bar] of bars.entries()) {
        expect(bar.height).toBeCloseTo((counts[i]! / most) * 100);
        expect(bar.y + bar.height).toBeCloseTo(100);
        expect(bar.x + bar.width).toBeLessThanOrEqual(400.001);
      }
    }),
    { numRuns: 100 },
  );
});

test("no bins, no bars", () => expect(histogramBars([], 100, 100)).toEqual([]));

const sensitivity = (name: string, low: number, high: number) => ({
  name,
  low: { label: "low", value: low },
  high: { label: "high", value: high },
});

test("a tornado has its largest effect on top, and bars from the base line", () => {
  const rows = [sensitivity("small", 99, 101), sensitivity("large", 150, 80), sensitivity("none", 100, 100)];
  expect(byEffect(rows, 100).map(({ name }) => name)).toEqual(["large", "small", "none"]);
  const laid = tornadoRows(rows, 100, [0, 200], 90);
  const [large, small, none] = laid.rows;
  expect(large!.lowBar.x).toBeCloseTo(laid.x(100)); // raised by the low value: right of the line
  expect(large!.lowBar.width).toBeCloseTo(100);
  expect(large!.highBar.x + large!.highBar.width).toBeCloseTo(laid.x(100));
  expect(small!.lowBar.width).toBeCloseTo(2);
  expect(none!.lowBar.width).toBe(0);
  expect(large!.y).toBeLessThan(small!.y);
});

test("a fan's bands hold each other and the median", () => {
  assertProperty(
    fc.property(
      fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 3 }), {
        minLength: 1,
        maxLength: 40,
      }),
      (paths) => {
        const { median, bands, x } = fan([0, 1, 2], paths);
        expect(x).toEqual([0, 1, 2]);
        for (const i of [0, 1, 2]) {
          const edges = [
            ...bands.map(({ low }) => low[i]!),
            median[i]!,
            ...bands.map(({ high }) => high[i]!).reverse(),
          ];
          expect(edges).toEqual([...edges].sort((a, b) => a - b));
          const sorted = paths.map((path) => path[i]!).sort((a, b) => a - b);
          const half = sorted.length / 2;
          const middle =
            sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2;
          expect(median[i]).toBeCloseTo(middle);
        }
      },
    ),
    { numRuns: 100 },
  );
});
