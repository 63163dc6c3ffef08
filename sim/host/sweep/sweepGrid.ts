import { InputError } from "@fluxlab/core/command-line";
import type { ScenarioChanges } from "../changeScenario.ts";
import { type Loaded, loadScenario } from "../loadScenario.ts";

/** One combination of values: what is set, as text, and the scenario that comes of it. */
interface SweepCell {
  /** Text of the value by path, in the order of the axes. */
  readonly values: readonly string[];
  readonly loaded: Loaded;
}

export interface SweepGrid {
  /** Paths that are varied. */
  readonly axes: readonly string[];
  /** Every combination, the last axis changing fastest. */
  readonly cells: readonly SweepCell[];
  /** The same for every cell, so that cells differ by what is set and by nothing else (common random numbers). */
  readonly seeds: readonly number[];
}

/** More would be a slip rather than a question. */
const MOST_RUNS = 100_000;

/**
 * The grid that `--set path=a,b,c` spans: every value of each with every value of the others. A setting with one value is no
 * axis. Values with commas in them cannot be listed.
 * @throws InputError
 */
export function sweepGrid(
  scenario: string,
  changes: ScenarioChanges,
  seedCount: number,
  firstSeed: number | undefined,
): SweepGrid {
  const lists = (changes.set ?? []).map(parseList);
  const axes = lists.filter(({ values }) => values.length > 1);
  const fixed = lists.filter(({ values }) => values.length === 1);
  const combinations = axes.reduce<string[][]>(
    (found, { values }) => found.flatMap((head) => values.map((value) => [...head, value])),
    [[]],
  );
  const runs = combinations.length * seedCount;
  if (runs > MOST_RUNS) throw new InputError(`The sweep would have ${runs} runs; at most ${MOST_RUNS}`);
  const cells = combinations.map((values): SweepCell => {
    const set = [
      ...fixed.map(({ path, values: [value] }) => `${path}=${value}`),
      ...axes.map(({ path }, i) => `${path}=${values[i]}`),
    ];
    return { values, loaded: loadScenario(scenario, { ...changes, set }) };
  });
  const first = firstSeed ?? cells[0]!.loaded.scenario.seed;
  return {
    axes: axes.map(({ path }) => path),
    cells,
    seeds: Array.from({ length: seedCount }, (_, i) => first + i),
  };
}

function parseList(text: string): { readonly path: string; readonly values: readonly string[] } {
  const at = text.indexOf("=");
  const values = text.slice(at + 1).split(",");
  if (at < 1 || values.some((value) => value === "")) {
    throw new InputError(
      `--set: expected path=value,value,…, such as "blockInterval=3 s,10 s", got "${text}"`,
    );
  }
  return { path: text.slice(0, at), values };
}
