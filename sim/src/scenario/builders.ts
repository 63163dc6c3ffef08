import { decodeScenario, type Scenario, type ScenarioInput } from "./schema.ts";

// Scenarios in code: the same data a file holds, with the editor's help. Both hash the same.

/** A checked scenario. @throws InvalidInput naming each path that is wrong. */
export const scenario = (input: ScenarioInput): Scenario => decodeScenario(input);

const quantity = (unit: string) => (count: number) => `${count} ${unit}`;

export const years = quantity("years");
export const weeks = quantity("weeks");
export const days = quantity("days");
export const hours = quantity("h");
export const minutes = quantity("min");
export const blocks = quantity("blocks");
export const flux = quantity("FLUX");
export const usd = quantity("USD");

/** A chance of one in `denominator`. */
export const oneIn = (denominator: number): string => `1 in ${denominator}`;
