import type { Params } from "@fluxlab/core";
import type { RunRecord } from "./record/runRecord.ts";
import type { SpreadRecord } from "./record/spreadRecord.ts";
import type { SpreadTrace } from "./record/spreadTrace.ts";
import { startedFrom } from "./record/startedFrom.ts";
import { checkScenario, Run } from "./run.ts";
import { type AnyScenario, isSpread } from "./scenario/anyScenario.ts";
import { compileNetwork, compileRelay } from "./scenario/compileSpread.ts";
import { compileBefore, isSwitched, switchedRules } from "./scenario/compileSwitched.ts";
import { InvalidInput } from "./scenario/problems.ts";
import type { NetworkScenario, SpreadScenario } from "./scenario/spreadSchema.ts";
import { NetworkRun, type Playable, RelayRun, type SpreadRun } from "./spreadRun.ts";
import { SwitchedRun } from "./switchedRun.ts";
import type { ConnectedChain } from "./world/connectedChain.ts";
import { forkedStart } from "./world/forkedStart.ts";

/** What is left of a run of any fidelity. */
export type AnyRecord = RunRecord | SpreadRecord;

/**
 * A run of any fidelity, to be played in slices.
 * @param chain a chain of the network that the run goes on from
 * @throws InvalidInput if the scenario does not fit the network, or the chain
 */
export function playable(
  scenario: AnyScenario,
  params: Params,
  seed: number,
  chain?: ConnectedChain,
): Playable<AnyRecord> {
  if (isSpread(scenario)) return spreadRun(scenario, params, seed, { chain });
  const run = new Run(scenario, params, seed, {}, chain);
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
 * @throws InvalidInput if the scenario does not fit the network
 */
export function spreadRun(
  scenario: SpreadScenario,
  params: Params,
  seed: number,
  { chain, trace }: SpreadRunOptions = {},
): SpreadRun {
  checkFork(scenario, chain);
  if (scenario.fidelity === "relay") return new RelayRun(scenario, seed, trace);
  if (isSwitched(scenario)) return new SwitchedRun(scenario, params, seed, trace);
  if (chain === undefined) return new NetworkRun(scenario, params, seed, { trace });
  return new NetworkRun(scenario, params, seed, {
    start: forkedStart(chain),
    from: startedFrom(chain),
    trace,
  });
}

export interface SpreadRunOptions {
  /** A chain of the network that all full nodes begin with. */
  readonly chain?: ConnectedChain | undefined;
  /** Is told what happens while messages travel; it changes nothing. */
  readonly trace?: SpreadTrace | undefined;
}

/** @throws InvalidInput if a scenario cannot go on from this chain. */
function checkFork(scenario: SpreadScenario, chain: ConnectedChain | undefined): void {
  if (chain === undefined) return;
  const problem = (path: string, expected: string, got: unknown) => {
    throw new InvalidInput("scenario", [{ path: [path], expected, got }]);
  };
  const { fidelity } = scenario;
  if (fidelity === "relay") problem("fidelity", '"network" or "economy", to go on from a chain', fidelity);
  if ("economy" in scenario) problem("economy", "no such field, as the chain is given", scenario.economy);
}

/** @throws InvalidInput if a scenario does not fit its network; costs nothing next to playing it. `onChain`: it goes on from one. */
export function checkAnyScenario(scenario: AnyScenario, params: Params, onChain = false): void {
  if (!isSpread(scenario)) {
    if (!onChain) checkScenario(scenario, params);
  }
  if (isSpread(scenario) && scenario.fidelity === "relay") compileRelay(scenario, scenario.seed);
  if (isSpread(scenario) && scenario.fidelity === "network") {
    // What fits a chain is known once the chain is.
    if (onChain) return;
    if (!isSwitched(scenario)) checkBeginning(scenario);
    compileNetwork(scenario, params, scenario.seed);
    if (isSwitched(scenario)) compileBefore(scenario, switchedRules(scenario, params), scenario.seed);
  }
}

/** Of networks with a chain of their own there is none to begin with but theirs. @throws InvalidInput */
function checkBeginning({ network }: NetworkScenario): void {
  if (network !== "main" && network !== "test") return;
  const expected = '"lab", "regtest" or a network file, unless an "economy" or a chain (--from) comes before';
  throw new InvalidInput("scenario", [{ path: ["network"], expected, got: network }]);
}
