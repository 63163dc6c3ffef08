import { formatFlux, type Params, type PerTier, perTier, TIERS } from "@fluxlab/core";
import { RunDigest } from "./kernel/digest.ts";
import { bridgeRecord } from "./record/bridgeRecord.ts";
import { EconomyRecorder, nextEventHeight, sampleHeights } from "./record/economyRecorder.ts";
import { fusionRecord } from "./record/fusionRecord.ts";
import type { AssetRecords, RunRecord, StartedFrom } from "./record/runRecord.ts";
import { startedFrom } from "./record/startedFrom.ts";
import { compileBridge, compileEconomy } from "./scenario/compile.ts";
import { compileFusion } from "./scenario/compileFusion.ts";
import type { Scenario } from "./scenario/schema.ts";
import type { BridgePlan } from "./world/bridgeReorg.ts";
import type { ConnectedChain } from "./world/connectedChain.ts";
import { Economy } from "./world/economy.ts";
import type { EconomyPlan } from "./world/economyPlan.ts";
import { forkedEconomy } from "./world/forkedStart.ts";
import type { FusionPlan } from "./world/fusionPlan.ts";
import { pastNode, pastQueues, pastWaits } from "./world/pastQueues.ts";
import { PayeeLog } from "./world/payeeLog.ts";
import { type NodeView, nodeView, type QueueSnapshot, queueSnapshot } from "./world/queueView.ts";
import type { Waits } from "./world/waitHistogram.ts";

/** What a run keeps for those who look at it while it is played; none of it changes what is played. */
export interface RunOptions {
  /** Blocks whose payees are kept for {@link Run.node} and moments of the past, 24 bytes each; none if left out. */
  readonly payeesOf?: number;
}

/** The chain that a scenario of the economy goes on from, instead of one that begins of itself. */
const goingOn = (scenario: Scenario, { start: { state } }: ConnectedChain): Scenario => {
  const nodes = [...state.fluxnodes()];
  const counted = perTier((tier) => {
    const atStart = nodes.filter(({ identity }) => identity.tier === tier).length;
    const planned = scenario.population[tier];
    return typeof planned === "number" ? atStart : { atStart, atEnd: planned.atEnd };
  });
  return {
    ...scenario,
    from: state.height + 1,
    population: { ...scenario.population, ...counted, begin: "established" },
  };
};

/**
 * One run, played in slices so that its host can draw progress and answer an interrupt between them. What comes out does
 * not depend on the slices.
 */
export class Run {
  readonly scenario: Scenario;
  readonly #economy: Economy;
  readonly #recorder: EconomyRecorder;
  readonly #samples: readonly number[];
  readonly #digest = new RunDigest();
  readonly #bridgePlan: BridgePlan | undefined;
  readonly #fusionPlan: FusionPlan | undefined;
  #assets: AssetRecords | undefined;
  readonly #start: StartedFrom | undefined;
  #nextSample = 0;

  /**
   * @param chain what the run goes on from: its FluxNodes with their turns, its height and its supply, whatever the scenario says of
   *   how it begins
   * @throws InvalidInput if the scenario does not fit the network.
   */
  constructor(
    scenario: Scenario,
    params: Params,
    seed: number,
    { payeesOf }: RunOptions = {},
    chain?: ConnectedChain,
  ) {
    this.scenario = chain === undefined ? scenario : goingOn(scenario, chain);
    const compiled = compileEconomy(this.scenario, params, seed);
    const plan = chain === undefined ? compiled : { ...compiled, beginning: forkedEconomy(chain) };
    this.#bridgePlan = compileBridge(this.scenario, params, plan.lastHeight);
    this.#fusionPlan = compileFusion(this.scenario, params, plan.lastHeight, seed);
    this.#start = chain && startedFrom(chain);
    const payees = payeesOf === undefined ? undefined : new PayeeLog(payeesOf);
    this.#economy = new Economy(plan, this.#digest, undefined, payees);
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

  /** SHA-256 (hex) over everything so far, but for bridge and swaps, which are played at the end. */
  digest(): string {
    return this.#economy.digest();
  }

  /** The chain after the latest block, in a few words and numbers. */
  look(): { readonly [what: string]: string | number } {
    const { height, chain, payments, operators } = this.#economy;
    const tiers = TIERS.flatMap((tier, i) => [
      [`${tier}Queue`, chain.nodes.queueLength(i)] as const,
      [`${tier}Payments`, payments[i]!] as const,
      [`${tier}Operators`, operators.alive[i]!] as const,
    ]);
    return {
      height: height - 1,
      seconds: height - 1 < this.#economy.plan.firstHeight ? 0 : this.#economy.secondsAt(height - 1),
      supplyFlux: formatFlux(chain.supply),
      started: chain.nodes.listed("started"),
      dos: chain.nodes.listed("dos"),
      ...Object.fromEntries(tiers),
    };
  }

  /** The payment queues after the latest block, with at most `most` nodes of each. */
  queues(most: number): QueueSnapshot {
    return queueSnapshot(this.#economy, most);
  }

  /** The same after block `height` as they came to pass; undefined of blocks whose payees are not kept. */
  queuesAfter(height: number, most: number): QueueSnapshot | undefined {
    if (height >= this.#economy.height - 1) return this.queues(most);
    return pastQueues(this.#economy, height, most, this.#recorder.queuesAt(height));
  }

  /** One operator's node after the latest block; undefined if there is no such operator. */
  node(number: number): NodeView | undefined {
    return nodeView(this.#economy, number);
  }

  /** The same after block `height`; undefined too of blocks whose payees are not kept. */
  nodeAfter(height: number, number: number): NodeView | undefined {
    if (height >= this.#economy.height - 1) return this.node(number);
    return pastNode(this.#economy, number, height);
  }

  /** Blocks until something is due, a subsidy's change, an upgrade, a shock, that block included; until the end if nothing is. */
  get blocksToEvent(): number {
    const height = nextEventHeight(this.#economy);
    return height === undefined ? 0 : height - this.#economy.height + 1;
  }

  /** The waits between a node's payments that had ended by block `height`; undefined of blocks whose payees are not kept. */
  waitsAfter(height: number): PerTier<Waits> | undefined {
    return pastWaits(this.#economy, height);
  }

  /**
   * The record of what was played so far; of the whole run once it is {@link done}, and then with the scenario's bridge and swaps,
   * which are played here, once. At least one block must be played.
   */
  record(): RunRecord {
    if (this.blocksDone === 0) throw new Error("A run has a record from its first block on");
    if (this.done) this.#assets ??= this.#playAssets();
    const record = this.#recorder.record(this.scenario, this.#assets ?? {});
    return this.#start === undefined ? record : { ...record, start: this.#start };
  }

  #playAssets(): AssetRecords {
    const [bridge, fusion] = [this.#bridgePlan, this.#fusionPlan];
    return {
      ...(bridge && { bridge: bridgeRecord(bridge, this.#digest) }),
      ...(fusion && { fusion: fusionRecord(fusion, this.#recorder.sampleSeconds, this.#digest) }),
    };
  }
}

/** The heights that a scenario plays. @throws InvalidInput if it does not fit its network; costs nothing. */
export function checkScenario(
  scenario: Scenario,
  params: Params,
): Pick<EconomyPlan, "firstHeight" | "lastHeight"> {
  const { firstHeight, lastHeight } = compileEconomy(scenario, params, scenario.seed);
  compileBridge(scenario, params, lastHeight);
  compileFusion(scenario, params, lastHeight, scenario.seed);
  return { firstHeight, lastHeight };
}

/** Plays a scenario to its end. @throws InvalidInput if it does not fit the network. */
export function runScenario(scenario: Scenario, params: Params, seed: number): RunRecord {
  const run = new Run(scenario, params, seed);
  run.advance(run.blocksTotal);
  return run.record();
}
