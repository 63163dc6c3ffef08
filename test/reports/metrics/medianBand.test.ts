import fc from "fast-check";
import { expect, test } from "vitest";
import { medianBand } from "../../../reports/src/metrics/medianBand.ts";

/** Chance that at most k of n coins show heads, by Pascal's triangle in whole numbers. */
function atMost(k: number, n: number): number {
  let row = [1n];
  for (let i = 0; i < n; i++) row = [1n, ...row.slice(1).map((value, j) => value + row[j]!), 1n];
  const ways = row.slice(0, k + 1).reduce((sum, value) => sum + value, 0n);
  return Number((ways * 10n ** 12n) / 2n ** BigInt(n)) / 1e12;
}

const rising = (n: number) => Array.from({ length: n }, (_, i) => i);

test("the band is the narrowest of its kind that holds 95 %", () => {
  for (let n = 1; n <= 60; n++) {
    const { low, high, median } = medianBand(rising(n))!;
    expect(median).toBe((n - 1) / 2);
    if (low === undefined) {
      expect(n).toBeLessThan(6);
      continue;
    }
    expect(high).toBe(n - 1 - low);
    expect(1 - 2 * atMost(low, n)).toBeGreaterThanOrEqual(0.95);
    expect(1 - 2 * atMost(low + 1, n)).toBeLessThan(0.95);
  }
});

test("order does not matter", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 30 }),
      (values) => {
        const band = medianBand(values)!;
        expect(medianBand([...values].reverse())).toEqual(band);
        expect(band.least).toBeLessThanOrEqual(band.median);
        expect(band.most).toBeGreaterThanOrEqual(band.median);
      },
    ),
  );
  expect(medianBand([])).toBeUndefined();
});
