import type { Scenario } from "@fluxlab/sim/scenario";
import type { RunRequest } from "../backend/backend.ts";
import type { Sensitivity } from "../charts/barChart.ts";
import { type Fan, fan } from "../charts/fan.ts";
import { type Parameter, parametersOf, parameterText, scaled } from "./parameters.ts";

// Many runs that answer one question: which to play, and what they say together. Every variant is played with the same seeds
// (common random numbers), so that what differs is the parameter and not chance.

/** A figure of each run, by its place among the jobs; undefined where it has not been played. */
export type Played = readonly (ArrayLike<number> | undefined)[];

/** One variant of a scenario, to be played with every seed. */
interface Variant {
  readonly scenario: Scenario;
}

/** Jobs in the order variant by variant, seed by seed. */
const jobsOf = (variants: readonly Variant[], seeds: number): RunRequest[] =>
  variants.flatMap(({ scenario }) =>
    Array.from({ length: seeds }, (_, i) => ({ scenario, seed: scenario.seed + i })),
  );

/** Mean of a variant's runs at their ends; undefined until all were played. */
function meanAtEnd(played: Played, variant: number, seeds: number): number | undefined {
  let sum = 0;
  for (let i = variant * seeds; i < (variant + 1) * seeds; i++) {
    const values = played[i];
    if (values === undefined) return undefined;
    sum += values[values.length - 1] ?? Number.NaN;
  }
  return sum / seeds;
}

// One scenario, many seeds

export const fanJobs = (scenario: Scenario, seeds: number): RunRequest[] => jobsOf([{ scenario }], seeds);

/** The fan of what was played so far, over the moments `x`; undefined before the first. */
export function fanOf(x: ArrayLike<number>, played: Played): Fan | undefined {
  const paths = played.filter((path) => path !== undefined);
  return paths.length === 0 ? undefined : fan(x, paths);
}

// Each parameter a step down and a step up

interface TornadoVariant extends Variant {
  readonly parameter: Parameter | undefined;
}

function tornadoVariants(scenario: Scenario, change: number): TornadoVariant[] {
  const steps = parametersOf(scenario).flatMap((parameter) =>
    [1 - change, 1 + change].map((factor) => ({ parameter, scenario: scaled(scenario, parameter, factor) })),
  );
  return [{ parameter: undefined, scenario }, ...steps];
}

export const tornadoJobs = (scenario: Scenario, change: number, seeds: number): RunRequest[] =>
  jobsOf(tornadoVariants(scenario, change), seeds);

/** What is known by now: the figure of the scenario as it is, and parameters both of whose steps were played. */
export function tornadoOf(
  scenario: Scenario,
  change: number,
  seeds: number,
  played: Played,
  nameOf: (parameter: Parameter) => string,
): { readonly base: number; readonly sensitivities: readonly Sensitivity[] } | undefined {
  const base = meanAtEnd(played, 0, seeds);
  if (base === undefined) return undefined;
  const variants = tornadoVariants(scenario, change);
  const sensitivities = parametersOf(scenario).flatMap((parameter, i): Sensitivity[] => {
    const [at, next] = [1 + 2 * i, 2 + 2 * i];
    const [low, high] = [meanAtEnd(played, at, seeds), meanAtEnd(played, next, seeds)];
    if (low === undefined || high === undefined) return [];
    const label = (variant: number) => parameterText(variants[variant]!.scenario, parameter);
    return [
      {
        name: nameOf(parameter),
        low: { label: label(at), value: low },
        high: { label: label(next), value: high },
      },
    ];
  });
  return { base, sensitivities };
}

// Two parameters at once

/** Times the scenario's own value. */
export const HEAT_FACTORS = [0.5, 0.75, 1, 1.5, 2] as const;

export const heatJobs = (
  scenario: Scenario,
  across: Parameter,
  upwards: Parameter,
  seeds: number,
): RunRequest[] =>
  jobsOf(
    HEAT_FACTORS.flatMap((up) =>
      HEAT_FACTORS.map((over) => ({ scenario: scaled(scaled(scenario, across, over), upwards, up) })),
    ),
    seeds,
  );

/** A heat map: rows from the smallest factor of the parameter upwards. */
export interface Heat {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly label: string; readonly values: readonly (number | undefined)[] }[];
}

export function heatOf(
  scenario: Scenario,
  across: Parameter,
  upwards: Parameter,
  seeds: number,
  played: Played,
): Heat {
  const size = HEAT_FACTORS.length;
  return {
    columns: HEAT_FACTORS.map((factor) => parameterText(scaled(scenario, across, factor), across)),
    rows: HEAT_FACTORS.map((factor, row) => ({
      label: parameterText(scaled(scenario, upwards, factor), upwards),
      values: HEAT_FACTORS.map((_, column) => meanAtEnd(played, row * size + column, seeds)),
    })),
  };
}
