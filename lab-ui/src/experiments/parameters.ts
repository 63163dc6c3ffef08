import type { Scenario } from "@fluxlab/sim/scenario";

// Parameters of a scenario that can be made larger or smaller by a factor.

/** Dotted paths of what experiments change. */
const PARAMETERS = [
  "population.cumulus",
  "population.nimbus",
  "population.stratus",
  "operators.lifetime",
  "operators.outageEvery",
  "operators.outageLength",
  "operators.missedStarts",
] as const;

export type Parameter = (typeof PARAMETERS)[number];

/** What an experiment may change of this scenario: "never" and 0 times anything stay what they are. */
export const parametersOf = (scenario: Scenario): Parameter[] =>
  PARAMETERS.filter((parameter) => scaledValue(parameterValue(scenario, parameter), 2) !== undefined);

/** The scenario with a parameter times `factor`; as it is if the parameter cannot be scaled. */
export function scaled(scenario: Scenario, parameter: Parameter, factor: number): Scenario {
  const value = scaledValue(parameterValue(scenario, parameter), factor);
  if (value === undefined) return scenario;
  const [group, key] = parameter.split(".") as ["population" | "operators", string];
  return { ...scenario, [group]: { ...scenario[group], [key]: value } };
}

/** The parameter's value as the scenario writes it. */
export function parameterText(scenario: Scenario, parameter: Parameter): string {
  const value = parameterValue(scenario, parameter);
  return typeof value === "object" && value !== null ? Object.values(value).join(" → ") : String(value);
}

function parameterValue(scenario: Scenario, parameter: Parameter): unknown {
  const [group, key] = parameter.split(".") as ["population" | "operators", string];
  return (scenario[group] as Readonly<Record<string, unknown>>)[key];
}

const QUANTITY = /^(\d+(?:\.\d+)?) (.+)$/;
const RATIO = /^1 in (\d+)$/;

/** Undefined: there is nothing to scale. */
function scaledValue(value: unknown, factor: number): unknown {
  if (typeof value === "number") return value === 0 ? undefined : Math.round(value * factor);
  if (typeof value === "object" && value !== null) {
    const ends = Object.entries(value).map(([end, count]) => [end, Math.round(Number(count) * factor)]);
    return Object.fromEntries(ends);
  }
  if (typeof value !== "string") return undefined;
  const denominator = RATIO.exec(value)?.[1];
  if (denominator !== undefined) return `1 in ${Math.max(1, Math.round(Number(denominator) / factor))}`;
  const [, count, unit] = QUANTITY.exec(value) ?? [];
  return count === undefined || unit === undefined ? undefined : `${decimal(Number(count) * factor)} ${unit}`;
}

/** No exponent, no more places than matter. */
const decimal = (value: number): string => value.toFixed(6).replace(/\.?0+$/, "");
