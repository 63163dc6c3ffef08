import type { Params } from "@fluxlab/core";
import type { RunRecord } from "./record/runRecord.ts";
import type { SpreadRecord } from "./record/spreadRecord.ts";
import { checkScenario, Run } from "./run.ts";
import { type AnyScenario, isSpread } from "./scenario/anyScenario.ts";
import { compileNetwork } from "./scenario/compileSpread.ts";
import { compileBefore, isSwitched, switchedRules } from "./scenario/compileSwitched.ts";
import type { SpreadScenario } from "./scenario/spreadSchema.ts";
import { NetworkRun, type Playable, RelayRun, type SpreadRun } from "./spreadRun.ts";
import { SwitchedRun } from "./switchedRun.ts";
import type { WorldStart } from "./world/worldStart.ts";

/** What is left of a run of any fidelity. */
export type AnyRecord = RunRecord | SpreadRecord;

/**
 * A run of any fidelity, to be played in slices.
 * @throws InvalidInput if the scenario does not fit the network
 */
export function playable(scenario: AnyScenario, params: Params, seed: number): Playable<AnyRecord> {
  if (isSpread(scenario)) return spreadRun(scenario, params, seed);
  const run = new Run(scenario, params, seed);
  return {
    unit: "blocks",
    stepsTotal: run.blocksTotal,
    get stepsDone() {
      return run.blocksDone;
    },
    get done() {
      return run.done;
    },
    advance: (steps) => run.advance(steps),
    digest: () => run.digest(),
    look: () => run.look(),
    record: () => run.record(),
  };
}

/**
 * A run in which messages travel.
 * @param params of the network that the scenario names; the relay model, in which nothing is checked, has no use for it
 * @param start the chain that full nodes begin with, instead of the network's own
 * @throws InvalidInput if the scenario does not fit the network
 */
export function spreadRun(
  scenario: SpreadScenario,
  params: Params,
  seed: number,
  start?: WorldStart,
): SpreadRun {
  if (scenario.fidelity === "relay") return new RelayRun(scenario, seed);
  if (isSwitched(scenario)) return new SwitchedRun(scenario, params, seed);
  return new NetworkRun(scenario, params, seed, start);
}

/** @throws InvalidInput if a scenario does not fit its network; costs nothing next to playing it. */
export function checkAnyScenario(scenario: AnyScenario, params: Params): void {
  if (!isSpread(scenario)) checkScenario(scenario, params);
  else if (scenario.fidelity === "network") {
    compileNetwork(scenario, params, scenario.seed);
    if (isSwitched(scenario)) compileBefore(scenario, switchedRules(scenario, params), scenario.seed);
  }
}
