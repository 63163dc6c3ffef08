import type { Scenario } from "@fluxlab/sim/scenario";
/** Dotted paths of what experiments change. */
export declare const PARAMETERS: readonly [
  "population.cumulus",
  "population.nimbus",
  "population.stratus",
  "operators.lifetime",
  "operators.outageEvery",
  "operators.outageLength",
  "operators.missedStarts",
];
export type Parameter = (typeof PARAMETERS)[number];
/** What an experiment may change of this scenario: "never" and 0 times anything stay what they are. */
export declare const parametersOf: (scenario: Scenario) => Parameter[];
/** The scenario with a parameter times `factor`; as it is if the parameter cannot be scaled. */
export declare function scaled(scenario: Scenario, parameter: Parameter, factor: number): Scenario;
/** The parameter's value as the scenario writes it. */
export declare function parameterText(scenario: Scenario, parameter: Parameter): string;
