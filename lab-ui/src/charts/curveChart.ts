import { linePath, type Point } from "@fluxlab/reports/charts";
import { scaleLinear, scaleLog } from "d3-scale";
import { namedTicks, type Tick } from "./axisTicks.ts";

// Curves over something other than time; the axis below is logarithmic, since what it shows is told in factors.

interface Curve {
  readonly x: readonly number[];
  /** NaN: nothing to draw there. */
  readonly y: readonly number[];
}

interface CurveView {
  readonly width: number;
  readonly height: number;
  readonly logarithmic: boolean;
  readonly tickX: (value: number) => string;
  readonly tickY: (value: number) => string;
}

interface CurveGeometry {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Of each curve, empty if none of it is in sight. */
  readonly paths: readonly string[];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
}

const [LEFT, RIGHT, TOP, BOTTOM] = [56, 14, 12, 26];

/** 1, 2 or 5 times a power of ten. */
function isRound(value: number): boolean {
  const leading = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  return [1, 2, 5].some((digit) => Math.abs(leading - digit) < 1e-9);
}

/** @param most values above it leave the picture: near the price that pays nothing, years grow without bound */
export function curveGeometry(curves: readonly Curve[], most: number, view: CurveView): CurveGeometry {
  const right = Math.max(view.width - RIGHT, LEFT + 1);
  const bottom = view.height - BOTTOM;
  const inSight = (value: number) => value > 0 && value <= most;
  const xs = curves.flatMap(({ x }) => x);
  const ys = curves.flatMap(({ y }) => y.filter(inSight));
  const x = scaleLog([Math.min(...xs), Math.max(...xs)], [LEFT, right]);
  const top = Math.max(...ys, 1);
  const y = view.logarithmic
    ? scaleLog([Math.min(...ys, top / 10), top], [bottom, TOP]).nice()
    : scaleLinear([0, top], [bottom, TOP]).nice();
  const paths = curves.map((curve) => {
    const points = curve.x.flatMap((at, i): Point[] =>
      inSight(curve.y[i]!) ? [[x(at), y(curve.y[i]!)]] : [],
    );
    return points.length < 2 ? "" : linePath(points);
  });
  const round = x.ticks().filter(isRound);
  return {
    left: LEFT,
    right,
    top: TOP,
    bottom,
    paths,
    xTicks: namedTicks(round, x, view.tickX),
    yTicks: namedTicks(y.ticks(5), y, view.tickY),
  };
}
