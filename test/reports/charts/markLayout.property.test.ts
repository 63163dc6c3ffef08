import fc from "fast-check";
import { expect, test } from "vitest";
import { FLAG_GAP, placeFlags, spreadLabels } from "../../../reports/src/charts/markLayout.ts";

const RIGHT = 800;

const flagsOf = fc
  .array(fc.record({ x: fc.integer({ min: 0, max: RIGHT }), width: fc.integer({ min: 5, max: 200 }) }), {
    maxLength: 30,
  })
  .map((flags) => flags.sort((a, b) => a.x - b.x));

test("no two labels of a row overlap, and none is cut off at the right", () => {
  fc.assert(
    fc.property(flagsOf, (flags) => {
      const spans = placeFlags(flags, 0, RIGHT).map(({ row, flipped }, i) => {
        const { x, width } = flags[i]!;
        return flipped
          ? { row, from: x - FLAG_GAP - width, to: x }
          : { row, from: x, to: x + FLAG_GAP + width };
      });
      for (const [i, a] of spans.entries()) {
        expect(a.to).toBeLessThanOrEqual(RIGHT);
        for (const b of spans.slice(i + 1)) {
          if (a.row === b.row) expect(Math.max(a.from, b.from)).toBeGreaterThanOrEqual(Math.min(a.to, b.to));
        }
      }
    }),
  );
});

test("labels with room to spare stand in one row", () => {
  const flags = [10, 200, 400].map((x) => ({ x, width: 100 }));
  expect(placeFlags(flags, 0, RIGHT)).toEqual(flags.map(() => ({ row: 0, flipped: false })));
});

test("a label turns left rather than lie across the line of one that had to", () => {
  const flags = [
    { x: 700, width: 60 },
    { x: 750, width: 60 },
  ];
  expect(placeFlags(flags, 0, RIGHT)).toEqual([
    { row: 1, flipped: true },
    { row: 0, flipped: true },
  ]);
});

test("names at the ends of lines keep their distance, their order and the lower edge", () => {
  const heights = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(heights, (given) => {
      const spread = spreadLabels(given, 15, 300);
      const order = given.map((_, i) => i).sort((a, b) => given[a]! - given[b]! || a - b);
      expect(Math.max(...spread)).toBeLessThanOrEqual(300);
      for (let i = 1; i < order.length; i++) {
        expect(spread[order[i]!]! - spread[order[i - 1]!]!).toBeGreaterThanOrEqual(15);
      }
    }),
  );
});
