import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Params } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { scenarios } from "@fluxlab/scenarios";
import { checkScenario } from "@fluxlab/sim";
import {
  decodeScenario,
  InvalidInput,
  parseDuration,
  parseScenario,
  placeInText,
  type Scenario,
} from "@fluxlab/sim/scenario";
import { fileError } from "./fileError.ts";
import { loadNetwork } from "./loadNetwork.ts";

/** A scenario with the network it runs on. */
export interface Loaded {
  readonly scenario: Scenario;
  readonly params: Params;
}

/**
 * Finds a scenario by the name of one that comes with the lab, or reads it from a YAML file, and its network. `until`
 * replaces its end: a height ("1400000") or a duration ("30 days").
 * @throws InputError naming the file, the place in it, and what was expected there.
 */
export function loadScenario(nameOrFile: string, until?: string): Loaded {
  const shipped = scenarios.find(({ name }) => name === nameOrFile);
  const text = shipped === undefined ? readText(nameOrFile) : undefined;
  try {
    const written = shipped ?? parseScenario(text ?? "");
    const scenario = until === undefined ? written : endingAt(written, until);
    const params = loadNetwork(scenario.network, shipped === undefined ? dirname(nameOrFile) : ".");
    checkScenario(scenario, params);
    return { scenario, params };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const placed = text === undefined || "line" in (error.problems[0] ?? {}) || until !== undefined;
    throw fileError(nameOrFile, placed ? error.problems : placeInText(error.problems, text), error);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const names = scenarios.map(({ name }) => name).join(", ");
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : `the file cannot be read (${code})`;
    throw new InputError(`${file}: not a scenario that comes with the lab (${names}), and ${why}`, {
      cause: error,
    });
  }
}

function endingAt(scenario: Scenario, until: string): Scenario {
  const { run: _run, to: _to, ...rest } = scenario;
  if (/^\d+$/.test(until)) return decodeScenario({ ...rest, to: Number(until) });
  if (parseDuration(until) !== undefined) return decodeScenario({ ...rest, run: until });
  throw new InputError(`--until: expected a height or a duration such as "30 days", got "${until}"`);
}
