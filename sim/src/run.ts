import type { Params } from "@fluxlab/core";
import { EconomyRecorder, sampleHeights } from "./record/economyRecorder.ts";
import type { RunRecord } from "./record/runRecord.ts";
import { compileEconomy } from "./scenario/compile.ts";
import type { Scenario } from "./scenario/schema.ts";
import { Economy } from "./world/economy.ts";

/**
 * One run, played in slices so that its host can draw progress and answer an interrupt between them. What comes out does
 * not depend on the slices.
 */
export class Run {
  readonly scenario: Scenario;
  readonly #economy: Economy;
  readonly #recorder: EconomyRecorder;
  readonly #samples: readonly number[];
  #nextSample = 0;

  /** @throws InvalidInput if the scenario does not fit the network. */
  constructor(scenario: Scenario, params: Params, seed: number) {
    this.scenario = scenario;
    const plan = compileEconomy(scenario, params, seed);
    this.#economy = new Economy(plan);
    this.#recorder = new EconomyRecorder(this.#economy);
    this.#samples = sampleHeights(plan);
  }

  get blocksTotal(): number {
    const { firstHeight, lastHeight } = this.#economy.plan;
    return lastHeight - firstHeight + 1;
  }

  get blocksDone(): number {
    return this.#economy.height - this.#economy.plan.firstHeight;
  }

  get done(): boolean {
    return this.blocksDone === this.blocksTotal;
  }

  /** Plays at most `blocks` more blocks. */
  advance(blocks: number): void {
    const last = Math.min(this.#economy.height + blocks - 1, this.#economy.plan.lastHeight);
    while (this.#economy.height <= last) {
      const sample = this.#samples[this.#nextSample] ?? last;
      this.#economy.advance(Math.min(last, sample));
      if (this.#economy.height - 1 === sample) {
        this.#recorder.sample();
        this.#nextSample++;
      }
    }
  }

  /** Plays up to the next block after which the run is sampled: what {@link record} then shows ends with it. */
  advanceToSample(): void {
    const sample = this.#samples[this.#nextSample];
    if (sample !== undefined) this.advance(sample - this.#economy.height + 1);
  }

  /** The record of what was played so far; of the whole run once it is {@link done}. At least one block must be played. */
  record(): RunRecord {
    if (this.blocksDone === 0) throw new Error("A run has a record from its first block on");
    return this.#recorder.record(this.scenario);
  }
}

/** @throws InvalidInput if a scenario does not fit its network; costs nothing. */
export function checkScenario(scenario: Scenario, params: Params): void {
  compileEconomy(scenario, params, scenario.seed);
}

/** Plays a scenario to its end. @throws InvalidInput if it does not fit the network. */
export function runScenario(scenario: Scenario, params: Params, seed: number): RunRecord {
  const run = new Run(scenario, params, seed);
  run.advance(run.blocksTotal);
  return run.record();
}
