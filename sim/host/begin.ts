import { type AnyRecord, type Playable, playable } from "@fluxlab/sim";
import { InvalidInput } from "@fluxlab/sim/scenario";
import { fileError } from "./fileError.ts";
import { chainOf, type Loaded } from "./loadScenario.ts";

/** A run of a scenario, and of the chain it goes on from if it does. @throws InputError if they do not fit */
export function begin(loaded: Loaded, seed: number): Playable<AnyRecord> {
  const { scenario, params, from } = loaded;
  try {
    return playable(scenario, params, seed, chainOf(loaded));
  } catch (error) {
    if (from === undefined || !(error instanceof InvalidInput)) throw error;
    throw fileError(`${scenario.name} on ${from.path}`, error.problems, error);
  }
}
