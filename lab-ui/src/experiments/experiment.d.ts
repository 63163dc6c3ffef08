import type { RunRecord } from "@fluxlab/sim";
import type { Scenario } from "@fluxlab/sim/scenario";
import type { Job } from "../backend/pool.ts";
import type { Sensitivity } from "../charts/barChart.ts";
import { type Fan } from "../charts/fan.ts";
import { type Figure } from "../charts/models/figures.ts";
import { type Parameter } from "./parameters.ts";
/** A figure of each run, by its place among the jobs; undefined where it has not been played. */
export type Played = readonly (ArrayLike<number> | undefined)[];
/** What is kept of a run: its figure at every sample. */
export declare const figureOf: (record: RunRecord, figure: Figure) => Float64Array;
export declare const fanJobs: (scenario: Scenario, seeds: number) => Job[];
/** The fan of what was played so far, over the moments `x`; undefined before the first. */
export declare function fanOf(x: ArrayLike<number>, played: Played): Fan | undefined;
export declare const tornadoJobs: (scenario: Scenario, change: number, seeds: number) => Job[];
/** What is known by now: the figure of the scenario as it is, and parameters both of whose steps were played. */
export declare function tornadoOf(
  scenario: Scenario,
  change: number,
  seeds: number,
  played: Played,
  nameOf: (parameter: Parameter) => string,
):
  | {
      readonly base: number;
      readonly sensitivities: readonly Sensitivity[];
    }
  | undefined;
/** Times the scenario's own value. */
export declare const HEAT_FACTORS: readonly [0.5, 0.75, 1, 1.5, 2];
export declare const heatJobs: (
  scenario: Scenario,
  across: Parameter,
  upwards: Parameter,
  seeds: number,
) => Job[];
/** A heat map: rows from the smallest factor of the parameter upwards. */
export interface Heat {
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly label: string;
    readonly values: readonly (number | undefined)[];
  }[];
}
export declare function heatOf(
  scenario: Scenario,
  across: Parameter,
  upwards: Parameter,
  seeds: number,
  played: Played,
): Heat;
