import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  chartRows,
  stackedTops,
  type TimeChart,
  thinned,
  timeGeometry,
  valueAt,
} from "../../../lab-ui/src/charts/timeChart.ts";
import { assertProperty } from "../../support/property.ts";

const VIEW = {
  width: 640,
  height: 240,
  domain: [0, 1_000] as const,
  logarithmic: false,
  startDate: undefined,
};

const chart = (more: Partial<TimeChart> = {}): TimeChart => ({
  id: "chart",
  title: "Chart",
  note: "",
  lines: [{ name: "a", color: "red", x: [0, 500, 1_000], y: [10, 20, 40] }],
  format: String,
  tick: String,
  ...more,
});

/** The points of a path of straight lines. */
const points = (path: string) =>
  [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

describe("a line", () => {
  test("goes through its values, left to right, larger ones higher up", () => {
    const { lines, x, y, left, right, top, bottom } = timeGeometry(chart(), VIEW);
    const drawn = points(lines[0]!.path);
    expect(drawn).toHaveLength(3);
    expect(drawn[0]![0]).toBeCloseTo(left);
    expect(drawn[2]![0]).toBeCloseTo(right);
    for (const [i, [px, py]] of drawn.entries()) {
      expect(px).toBeCloseTo(x([0, 500, 1_000][i]!), 0);
      expect(py).toBeCloseTo(y([10, 20, 40][i]!), 0);
      expect(py).toBeGreaterThanOrEqual(top);
      expect(py).toBeLessThanOrEqual(bottom);
    }
    expect(drawn[2]![1]).toBeLessThan(drawn[0]![1]);
  });

  test("leaves out what a logarithm has no place for", () => {
    const zero = chart({ lines: [{ name: "a", color: "red", x: [0, 500, 1_000], y: [0, 10, 1_000] }] });
    const { lines, y } = timeGeometry(zero, { ...VIEW, logarithmic: true });
    expect(points(lines[0]!.path)).toHaveLength(2);
    expect(y(10) - y(100)).toBeCloseTo(y(100) - y(1_000)); // equal factors, equal distances
  });
});

test("the cap is in sight even far above the values", () => {
  const { cap, top, bottom } = timeGeometry(chart({ cap: { value: 440, label: "Cap" } }), VIEW);
  expect(cap!.at).toBeGreaterThanOrEqual(top);
  expect(cap!.at).toBeLessThan(bottom);
});

test("an axis begins at zero, or where the chart says", () => {
  const whole = timeGeometry(chart(), VIEW);
  expect(whole.y(0)).toBeCloseTo(whole.bottom);
  const { y, bottom } = timeGeometry(chart({ floor: 9 }), VIEW);
  expect(y(9)).toBeCloseTo(bottom);
});

test("marks whose labels would cover each other stand in rows", () => {
  const marks = [100, 110, 900].map((seconds) => ({ seconds, label: "A long label", alarm: false }));
  const laid = timeGeometry(chart({ marks }), VIEW).marks;
  expect(laid[0]!.row).not.toBe(laid[1]!.row);
  expect(laid.map(({ at }) => at)).toEqual([...laid.map(({ at }) => at)].sort((a, b) => a - b));
});

test("pixels lead back to the moment they show", () => {
  assertProperty(
    fc.property(
      fc.double({ min: 0, max: 1_000, noNaN: true }),
      fc.integer({ min: 200, max: 2_000 }),
      (seconds, width) => {
        const { x, secondsAt } = timeGeometry(chart(), { ...VIEW, width });
        expect(secondsAt(x(seconds))).toBeCloseTo(seconds, 6);
      },
    ),
    { numRuns: 100 },
  );
});

test("moments outside the run are its ends", () => {
  const { secondsAt } = timeGeometry(chart(), VIEW);
  expect(secondsAt(-50)).toBe(0);
  expect(secondsAt(10_000)).toBe(1_000);
});

test("each edge of a stack is the sum of what lies below", () => {
  assertProperty(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 4, maxLength: 4 }), {
        minLength: 1,
        maxLength: 5,
      }),
      (columns) => {
        const lines = columns.map((y) => ({ name: "", color: "", x: [0, 1, 2, 3], y }));
        for (const [i, tops] of stackedTops(lines).entries()) {
          const sums = [0, 1, 2, 3].map((at) => columns.slice(0, i + 1).reduce((sum, y) => sum + y[at]!, 0));
          expect(tops).toEqual(sums);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test("a value holds from its moment to the next", () => {
  const series = { x: [10, 20, 30], y: [1, 2, Number.NaN] };
  expect([5, 10, 19, 20, 29, 30, 99].map((at) => valueAt(series, at))).toEqual([
    undefined,
    1,
    1,
    2,
    2,
    undefined,
    undefined,
  ]);
});

test("rows hold every moment of every line, and gaps where a line has none", () => {
  const { head, rows } = chartRows(
    chart({
      lines: [
        { name: "a", color: "", x: [0, 2], y: [1, 3] },
        { name: "b", color: "", x: [1, 2], y: [5, Number.NaN] },
      ],
      bands: [{ name: "c", color: "", opacity: 1, x: [0], low: [7], high: [8] }],
    }),
  );
  expect(head).toEqual(["a", "b", "c, low", "c, high"]);
  expect(rows).toEqual([
    [0, 1, undefined, 7, 8],
    [1, undefined, 5, undefined, undefined],
    [2, 3, undefined, undefined, undefined],
  ]);
});

test("thinning keeps both ends", () => {
  const rows = Array.from({ length: 100 }, (_, i) => i);
  expect(thinned(rows, 5)).toEqual([0, 25, 50, 74, 99]);
  expect(thinned(rows, 100)).toBe(rows);
});
