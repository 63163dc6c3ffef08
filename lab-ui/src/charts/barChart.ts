import { scaleBand, scaleLinear } from "d3-scale";

// Bars: a histogram's, standing side by side, and a tornado's, lying on either side of a base line.

/** A bar of a histogram. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Bars in a box of so many pixels, the largest count as high as the box. */
export function histogramBars(bins: readonly Bin[], width: number, height: number): Rect[] {
  if (bins.length === 0) return [];
  const x = scaleLinear([bins[0]!.from, bins.at(-1)!.to], [0, width]);
  const y = scaleLinear([0, Math.max(...bins.map(({ count }) => count), 1)], [0, height]);
  const gap = width / bins.length > 4 ? 1 : 0;
  return bins.map(({ from, to, count }) => ({
    x: x(from),
    y: height - y(count),
    width: Math.max(x(to) - x(from) - gap, 0.5),
    height: y(count),
  }));
}

/** What a change of one parameter does to a figure. */
export interface Sensitivity {
  readonly name: string;
  /** The parameter's values, and what the figure is with each. */
  readonly low: { readonly label: string; readonly value: number };
  readonly high: { readonly label: string; readonly value: number };
}

/** The largest effect first. */
export const byEffect = (sensitivities: readonly Sensitivity[], base: number): Sensitivity[] => {
  const effect = ({ low, high }: Sensitivity) =>
    Math.max(Math.abs(low.value - base), Math.abs(high.value - base));
  return [...sensitivities].sort((a, b) => effect(b) - effect(a));
};

/** A row of a tornado: its two bars, from the base line to each value. */
export interface TornadoRow extends Sensitivity {
  readonly y: number;
  readonly height: number;
  readonly lowBar: Rect;
  readonly highBar: Rect;
}

/** Rows with the largest effect on top, in the columns from `left` to `right`. */
export function tornadoRows(
  sensitivities: readonly Sensitivity[],
  base: number,
  [left, right]: readonly [number, number],
  height: number,
): { readonly rows: readonly TornadoRow[]; readonly x: (value: number) => number } {
  const sorted = byEffect(sensitivities, base);
  const values = sorted.flatMap(({ low, high }) => [low.value, high.value]);
  const reach = Math.max(...values.map((value) => Math.abs(value - base)), Math.abs(base) * 0.001, 1e-9);
  const x = scaleLinear([base - reach, base + reach], [left, right]);
  const band = scaleBand(sorted.keys(), [0, height]).padding(0.35);
  const rows = sorted.map((row, i) => {
    const box = { y: band(i)!, height: band.bandwidth() };
    const bar = (value: number) => ({
      ...box,
      x: Math.min(x(base), x(value)),
      width: Math.abs(x(value) - x(base)),
    });
    return { ...row, ...box, lowBar: bar(row.low.value), highBar: bar(row.high.value) };
  });
  return { rows, x };
}
