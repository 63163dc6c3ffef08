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
export declare function histogramBars(bins: readonly Bin[], width: number, height: number): Rect[];
/** What a change of one parameter does to a figure. */
export interface Sensitivity {
  readonly name: string;
  /** The parameter's values, and what the figure is with each. */
  readonly low: {
    readonly label: string;
    readonly value: number;
  };
  readonly high: {
    readonly label: string;
    readonly value: number;
  };
}
/** The largest effect first. */
export declare const byEffect: (sensitivities: readonly Sensitivity[], base: number) => Sensitivity[];
/** A row of a tornado: its two bars, from the base line to each value. */
export interface TornadoRow extends Sensitivity {
  readonly y: number;
  readonly height: number;
  readonly lowBar: Rect;
  readonly highBar: Rect;
}
/** Rows with the largest effect on top, in the columns from `left` to `right`. */
export declare function tornadoRows(
  sensitivities: readonly Sensitivity[],
  base: number,
  [left, right]: readonly [number, number],
  height: number,
): {
  readonly rows: readonly TornadoRow[];
  readonly x: (value: number) => number;
};
