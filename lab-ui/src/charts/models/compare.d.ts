import type { RunRecord, Samples } from "@fluxlab/sim";
import type { TimeChart } from "../timeChart.ts";
import { type Figure } from "./figures.ts";
/** Runs that can be told apart on one chart. */
export declare const MOST_COMPARED: 5;
/** One run of a comparison. */
export interface Compared {
  readonly name: string;
  readonly record: RunRecord;
}
export declare const compareChart: (runs: readonly Compared[], figure: Figure) => TimeChart;
/** A parameter that not all runs share, with each run's value as text. */
export interface Difference {
  readonly path: string;
  readonly values: readonly string[];
}
/** The scenarios' parameters, the seed among them, that differ between runs. */
export declare function differences(records: readonly RunRecord[]): Difference[];
/** Where two runs part: the height of the first sample that differs; `none` if no sample does, `incomparable` heights. */
export type FirstDifference = number | "none" | "incomparable";
/** Compares what both have played, sample by sample. */
export declare function firstDifference(a: Samples, b: Samples): FirstDifference;
