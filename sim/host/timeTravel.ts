import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import { checkAnyScenario, type Look, type Parting, partingOfRuns } from "@fluxlab/sim";
import {
  decodeAnyScenario,
  durationInBlocks,
  InvalidInput,
  isSpread,
  parseDuration,
} from "@fluxlab/sim/scenario";
import { begin } from "./begin.ts";
import type { ScenarioChanges } from "./changeScenario.ts";
import { fileError } from "./fileError.ts";
import { loadNetwork } from "./loadNetwork.ts";
import { type Loaded, loadScenario } from "./loadScenario.ts";
import { ProgressLine } from "./progressLine.ts";

// Going back in time is playing again: a run is its scenario and its seed, and keeps no states of the past.

/** A run at a moment. */
export interface Moment {
  /** Steps played, and what a step is. */
  readonly steps: number;
  readonly unit: "blocks" | "seconds";
  /** Of everything up to then. */
  readonly digest: string;
  readonly look: Look;
}

/**
 * Plays a run up to a time and says how the world stands there.
 * @throws InputError if the time is none, or beyond the run
 */
export function momentOf(loaded: Loaded, seed: number, at: string): Moment {
  const { scenario } = loaded;
  const run = begin(loaded, seed);
  const steps = stepsTo(loaded, at, run.stepsTotal);
  const progress = new ProgressLine(process.stderr, scenario.name);
  const slice = Math.max(Math.floor(steps / 200), 1);
  while (run.stepsDone < steps) {
    run.advance(Math.min(slice, steps - run.stepsDone));
    progress.update({ done: run.stepsDone, total: steps, unit: run.unit });
  }
  progress.clear();
  return { steps, unit: run.unit, digest: run.digest(), look: run.look() };
}

/** Steps of a run up to a time of it: a duration; in the economy also a height, in the relay model a number of blocks. */
function stepsTo({ scenario, params }: Loaded, at: string, total: number): number {
  const number = /^\d+$/.test(at) ? Number(at) : undefined;
  const duration = parseDuration(at);
  let steps: number | undefined;
  if (!isSpread(scenario)) {
    if (number !== undefined) steps = number - scenario.from + 1;
    else if (duration !== undefined) steps = durationInBlocks(params, scenario.from, duration);
  } else if (scenario.fidelity === "relay") steps = number;
  else if (duration !== undefined && "seconds" in duration) steps = duration.seconds;
  if (steps === undefined || steps < 0 || steps > total) {
    throw new InputError(`--at: expected a time within the run, such as "20 min" or a height, got "${at}"`);
  }
  return steps;
}

/**
 * Proves that a changed scenario is a branch of the one it was made from: both are the same run up to the time.
 * @throws InputError saying where they part before it
 */
export function checkBranch(name: string, changes: ScenarioChanges, seed: number, at: string): void {
  const { set: _set, ...others } = changes;
  const [original, changed] = [loadScenario(name, others), loadScenario(name, changes)];
  const [before, after] = [momentOf(original, seed, at), momentOf(changed, seed, at)];
  if (before.digest === after.digest) return;
  const parting = partingOf({ loaded: original, seed }, { loaded: changed, seed });
  const where = parting === undefined ? "" : `, after ${parting.alike} ${before.unit}`;
  throw new InputError(
    `--branch: what --set changes acts before ${at}${where}; let it begin later, or leave --branch out`,
  );
}

/** A run that was recorded. */
export interface RecordedRun {
  readonly loaded: Loaded;
  readonly seed: number;
}

/** A recorded run from its folder or its run.json. @throws InputError if there is none that can be played */
export function readRun(folder: string): RecordedRun {
  const file = folder.endsWith(".json") ? folder : join(folder, "run.json");
  let record: { readonly scenario: unknown; readonly seed: string; readonly start?: object };
  try {
    record = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const { code = "not JSON" } = error as NodeJS.ErrnoException;
    throw new InputError(`${file}: no recorded run can be read there (${code})`, { cause: error });
  }
  if (record.start !== undefined)
    throw new InputError(`${file}: the run went on from a chain (--from), which is not part of its record`);
  try {
    const scenario = decodeAnyScenario(record.scenario);
    const params = loadNetwork("network" in scenario ? scenario.network : "main");
    checkAnyScenario(scenario, params);
    return { loaded: { scenario, params }, seed: Number(record.seed) };
  } catch (error) {
    if (error instanceof InvalidInput) throw fileError(file, error.problems, error);
    throw error;
  }
}

/** Where two runs part; undefined: nowhere up to the end of the shorter. @throws InputError if their steps are not alike */
export function partingOf(a: RecordedRun, b: RecordedRun): Parting | undefined {
  const make = ({ loaded, seed }: RecordedRun) => begin(loaded, seed);
  if (make(a).unit !== make(b).unit) {
    throw new InputError("The runs cannot be compared: one goes by blocks, the other by seconds");
  }
  const progress = new ProgressLine(process.stderr, "playing both");
  try {
    return partingOfRuns([() => make(a), () => make(b)], (part) =>
      progress.update({ done: Math.round(part * 100), total: 100, unit: "%" }),
    );
  } finally {
    progress.clear();
  }
}

/** Fields of two scenarios that differ: path, and what stands there. */
export function differences(a: unknown, b: unknown, path = ""): [path: string, a: string, b: string][] {
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].flatMap((key) =>
      differences(
        (a as Record<string, unknown>)[key],
        (b as Record<string, unknown>)[key],
        path === "" ? key : `${path}.${key}`,
      ),
    );
  }
  return Object.is(a, b) ? [] : [[path, JSON.stringify(a) ?? "nothing", JSON.stringify(b) ?? "nothing"]];
}
