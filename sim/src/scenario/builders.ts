import { decodeScenario, type Scenario, type ScenarioInput } from "./schema.ts";
import {
  decodeNetworkScenario,
  decodeRelayScenario,
  type NetworkScenario,
  type NetworkScenarioInput,
  type RelayScenario,
  type RelayScenarioInput,
} from "./spreadSchema.ts";

// Scenarios in code: the same data a file holds, with the editor's help. Both hash the same.

/** A checked scenario. @throws InvalidInput naming each path that is wrong. */
export const scenario = (input: ScenarioInput): Scenario => decodeScenario(input);

/** A checked scenario of the relay model. @throws InvalidInput likewise. */
export const relayScenario = (input: Omit<RelayScenarioInput, "fidelity">): RelayScenario =>
  decodeRelayScenario({ ...input, fidelity: "relay" });

/** A checked scenario of full nodes. @throws InvalidInput likewise. */
export const networkScenario = (input: Omit<NetworkScenarioInput, "fidelity">): NetworkScenario =>
  decodeNetworkScenario({ ...input, fidelity: "network" });

const quantity = (unit: string) => (count: number) => `${count} ${unit}`;

/** A length of time in years, as a scenario file writes it. */
export const years = quantity("years");
/** A length of time in weeks, as a scenario file writes it. */
export const weeks = quantity("weeks");
/** A length of time in days, as a scenario file writes it. */
export const days = quantity("days");
/** A length of time in hours, as a scenario file writes it. */
export const hours = quantity("h");
/** A length of time in minutes, as a scenario file writes it. */
export const minutes = quantity("min");
/** A length of time in seconds, as a scenario file writes it. */
export const seconds = quantity("s");
/** A length of time in blocks, likewise. */
export const blocks = quantity("blocks");
/** An amount of FLUX, likewise. */
export const flux = quantity("FLUX");
/** A sum in US dollars, likewise. */
export const usd = quantity("USD");

/** A chance of one in `denominator`. */
export const oneIn = (denominator: number): string => `1 in ${denominator}`;
