import { tenth } from "../markup.ts";

/** A point in pixels. */
export type Point = readonly [x: number, y: number];

/**
 * Straight lines through the points, rounded to a tenth of a pixel. Points inside a level stretch are left out: hundreds of
 * samples of a value that never changes are one line.
 */
export function linePath(points: readonly Point[]): string {
  const rounded = points.map(([x, y]) => [tenth(x), tenth(y)] as const);
  const kept = rounded.filter(
    ([, y], i) => i === 0 || i === rounded.length - 1 || rounded[i - 1]![1] !== y || rounded[i + 1]![1] !== y,
  );
  return kept.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x},${y}`).join("");
}

/** The surface between an upper line and a lower one. */
export const bandPath = (upper: readonly Point[], lower: readonly Point[]): string =>
  `${linePath(upper)}${linePath(lower.toReversed()).replace("M", "L")}Z`;

/**
 * The corners of a staircase: each value holds from the end of the step before to its own `x`, the first from `start`.
 */
export function steps(start: number, points: readonly Point[]): Point[] {
  let left = start;
  return points.flatMap(([x, y]) => {
    const step: Point[] = [
      [left, y],
      [x, y],
    ];
    left = x;
    return step;
  });
}
