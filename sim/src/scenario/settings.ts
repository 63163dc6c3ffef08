import { type AnyScenario, decodeAnyScenario, isSpread } from "./anyScenario.ts";
import { InvalidInput, type Problem } from "./problems.ts";

/** A field of a scenario and what it is to be: "operators.lifetime", "30 days". */
export interface Setting {
  readonly path: Problem["path"];
  readonly value: unknown;
}

/** "shocks.0.share" as a path. */
export const settingPath = (text: string): Problem["path"] =>
  text.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));

/** Of two ways to say when a run ends, the later said is meant. */
const OTHER_END: Readonly<Record<string, string>> = { run: "to", to: "run" };

/**
 * The scenario with some fields changed, checked like any other. What the scenario leaves to its defaults may be set too.
 * @throws InvalidInput for a path that leads nowhere, or what stands there now
 */
export function withSettings(scenario: AnyScenario, settings: readonly Setting[]): AnyScenario {
  const data: Branch = copied(scenario) as Branch;
  for (const { path, value } of settings) {
    const other = path.length === 1 ? OTHER_END[String(path[0])] : undefined;
    if (other !== undefined) delete data[other];
    put(data, path, value);
  }
  // Where everybody mines, everybody still does.
  const named = settings.some(({ path }) => path[0] === "miners");
  const everybody = isSpread(scenario) && "miners" in scenario && scenario.miners === scenario.nodes;
  if (everybody && !named) data["miners"] = data["nodes"];
  return decodeAnyScenario(data);
}

type Branch = Record<string, unknown>;

/** Lists and objects anew, so that nothing shared is written to. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [[key, copied(each)]])),
  );
}

function put(root: Branch, path: Problem["path"], value: unknown): void {
  let at = root;
  path.slice(0, -1).forEach((key, depth) => {
    at[key] ??= {};
    const next = at[key];
    if (typeof next !== "object" || next === null) {
      const expected = "a field with fields of its own";
      throw new InvalidInput("scenario", [{ path: path.slice(0, depth + 1), expected, got: next }]);
    }
    at = next as Branch;
  });
  at[path.at(-1)!] = value;
}
