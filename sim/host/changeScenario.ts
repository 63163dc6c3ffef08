import { InputError } from "@fluxlab/core/command-line";
import {
  type AnyScenario,
  isSpread,
  parseDuration,
  parseValue,
  type Setting,
  settingPath,
  withSettings,
} from "@fluxlab/sim/scenario";

/** What the command line says instead of the scenario. */
export interface ScenarioChanges {
  /** The end: a height ("1400000") or a duration ("30 days"). */
  readonly until?: string;
  /** Of scenarios in which messages travel. */
  readonly nodes?: number;
  /** Fields set to other values: "operators.lifetime=30 days". */
  readonly set?: readonly string[];
  /** A chain to go on from: see readChain. */
  readonly from?: string;
  /** Its last block. */
  readonly fromHeight?: number;
}

export const isChange = ({ until, nodes, set }: ScenarioChanges): boolean =>
  until !== undefined || nodes !== undefined || (set !== undefined && set.length > 0);

/** @throws InputError for an option that does not fit; InvalidInput for a value that does not. */
export function changed(scenario: AnyScenario, changes: ScenarioChanges): AnyScenario {
  if (!isChange(changes)) return scenario;
  const { until, nodes, set = [] } = changes;
  const settings = set.map(parseSetting);
  if (nodes !== undefined) {
    if (!isSpread(scenario))
      throw new InputError(
        `--nodes: ${scenario.name} has its nodes by tier; change its "population" with --set or in a file`,
      );
    settings.push({ path: ["nodes"], value: nodes });
  }
  if (until !== undefined) settings.push(endOf(scenario, until));
  return withSettings(scenario, settings);
}

/** "path=value". @throws InputError */
function parseSetting(text: string): Setting {
  const [, path, value] = SETTING.exec(text) ?? [];
  if (path === undefined || value === undefined) {
    throw new InputError(`--set: expected path=value, such as "operators.lifetime=30 days", got "${text}"`);
  }
  return { path: settingPath(path), value: parseValue(value) };
}

/** A path of names and numbers, and what follows the sign. */
const SETTING = /^([A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*)=(.*)$/;

/** The field of a scenario's end, as it says it itself. */
function endOf(scenario: AnyScenario, until: string): Setting {
  const height = /^\d+$/.test(until) ? Number(until) : undefined;
  const expected = (what: string): InputError => new InputError(`--until: expected ${what}, got "${until}"`);
  if (isSpread(scenario)) {
    if (scenario.fidelity === "relay") {
      if (height === undefined)
        throw expected("a number of blocks, as this scenario plays the relay of blocks");
      return { path: ["blocks"], value: height };
    }
    if (height !== undefined || parseDuration(until) === undefined)
      throw expected('a duration such as "2 h"');
    return { path: ["run"], value: until };
  }
  if (height !== undefined) return { path: ["to"], value: height };
  if (parseDuration(until) === undefined) throw expected('a height or a duration such as "30 days"');
  return { path: ["run"], value: until };
}
