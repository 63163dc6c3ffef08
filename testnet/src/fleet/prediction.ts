import { InputError } from "@fluxlab/core/command-line";
import type { Play } from "./play.ts";
import type { TestnetScenario } from "./testnetSchema.ts";
import { type ComparedCurves, comparedCurves, comparison, simulate, type Verification } from "./verify.ts";

/** What simulations of a testnet's scenario say of it while it runs. */
export interface Prediction extends Pick<Verification, "comparisons" | "notes" | "simulations"> {
  readonly curves: ComparedCurves;
}

const MOST_SIMULATIONS = 20;

/**
 * Plays a testnet's scenario in the simulator and sets what the nodes did so far beside it. Faults that were done by hand are not
 * simulated.
 * @throws InputError if the network is not the laboratory's, or so many simulations are too many
 */
export async function predict(
  scenario: TestnetScenario,
  { watch, faults, lateMs }: Pick<Play, "watch" | "faults" | "lateMs">,
  simulations: unknown,
  signal: AbortSignal,
): Promise<Prediction> {
  if (
    !Number.isInteger(simulations) ||
    !(Number(simulations) >= 1 && Number(simulations) <= MOST_SIMULATIONS)
  )
    throw new InputError(`expected 1 to ${MOST_SIMULATIONS} simulations, got ${JSON.stringify(simulations)}`);
  const simulated = await simulate(scenario, Number(simulations), signal);
  if (watch === undefined) throw new Error("a laboratory network is watched");
  const real = watch.account(Date.now());
  return {
    ...comparison(scenario, real, simulated, { faults, lateMs }),
    simulations: simulated.length,
    curves: comparedCurves(scenario, real, simulated),
  };
}
