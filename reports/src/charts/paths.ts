import { line } from "d3-shape";

/** A point in pixels. */
export type Point = readonly [x: number, y: number];

const draw = line<Point>().digits(1);

/**
 * Straight lines through the points, to a tenth of a pixel. Points inside a level stretch are left out: hundreds of samples of a
 * value that never changes are one line.
 */
export function linePath(points: readonly Point[]): string {
  const level = (i: number) => Math.round(points[i]![1] * 10);
  const last = points.length - 1;
  const kept = points.filter(
    (_, i) => i === 0 || i === last || level(i - 1) !== level(i) || level(i + 1) !== level(i),
  );
  return draw(kept) ?? "";
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
