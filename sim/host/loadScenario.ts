import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Params } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { allScenarios } from "@fluxlab/scenarios";
import { checkAnyScenario } from "@fluxlab/sim";
import {
  type AnyScenario,
  decodeAnyScenario,
  InvalidInput,
  isSpread,
  parseDuration,
  parseScenario,
  placeInText,
} from "@fluxlab/sim/scenario";
import { fileError } from "./fileError.ts";
import { loadNetwork } from "./loadNetwork.ts";

/** A scenario with the network it runs on. */
export interface Loaded {
  readonly scenario: AnyScenario;
  readonly params: Params;
}

/** What the command line says instead of the scenario. */
export interface ScenarioChanges {
  /** The end: a height ("1400000") or a duration ("30 days"). */
  readonly until?: string;
  /** Of scenarios in which messages travel. */
  readonly nodes?: number;
}

/**
 * Finds a scenario by the name of one that comes with the lab, or reads it from a YAML file, and its network.
 * @throws InputError naming the file, the place in it, and what was expected there.
 */
export function loadScenario(nameOrFile: string, changes: ScenarioChanges = {}): Loaded {
  const shipped = allScenarios.find(({ name }) => name === nameOrFile);
  const text = shipped === undefined ? readText(nameOrFile) : undefined;
  try {
    const written = shipped ?? parseScenario(text ?? "");
    const scenario = changed(written, changes);
    // The relay model checks nothing, so its network is of no account.
    const network = "network" in scenario ? scenario.network : "main";
    const params = loadNetwork(network, shipped === undefined ? dirname(nameOrFile) : ".");
    checkAnyScenario(scenario, params);
    return { scenario, params };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const placed = text === undefined || "line" in (error.problems[0] ?? {}) || isChange(changes);
    throw fileError(nameOrFile, placed ? error.problems : placeInText(error.problems, text), error);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const names = allScenarios.map(({ name }) => name).join(", ");
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : `the file cannot be read (${code})`;
    throw new InputError(`${file}: not a scenario that comes with the lab (${names}), and ${why}`, {
      cause: error,
    });
  }
}

const isChange = ({ until, nodes }: ScenarioChanges): boolean => until !== undefined || nodes !== undefined;

function changed(scenario: AnyScenario, changes: ScenarioChanges): AnyScenario {
  if (!isChange(changes)) return scenario;
  const { until, nodes } = changes;
  const end = until === undefined ? {} : endOf(scenario, until);
  if (nodes === undefined) return decodeAnyScenario(withoutUndefined({ ...scenario, ...end }));
  if (!isSpread(scenario)) {
    throw new InputError(
      `--nodes: ${scenario.name} has its nodes by tier; change its "population" in a file`,
    );
  }
  // Where everybody mines, everybody still does.
  const miners = "miners" in scenario && scenario.miners === scenario.nodes ? { miners: nodes } : {};
  return decodeAnyScenario({ ...scenario, ...end, nodes, ...miners });
}

/** The fields of a scenario's end, as it says them itself. */
function endOf(scenario: AnyScenario, until: string): object {
  const height = /^\d+$/.test(until) ? Number(until) : undefined;
  const expected = (what: string): InputError => new InputError(`--until: expected ${what}, got "${until}"`);
  if (isSpread(scenario)) {
    if (scenario.fidelity === "relay") {
      if (height === undefined)
        throw expected("a number of blocks, as this scenario plays the relay of blocks");
      return { blocks: height };
    }
    if (height !== undefined || parseDuration(until) === undefined)
      throw expected('a duration such as "2 h"');
    return { run: until };
  }
  if (height !== undefined) return { run: undefined, to: height };
  if (parseDuration(until) === undefined) throw expected('a height or a duration such as "30 days"');
  return { to: undefined, run: until };
}

const withoutUndefined = (data: object): object =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
