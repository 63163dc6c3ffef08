import { type Params, rulesId } from "@fluxlab/core";
import type { CheckerFinding } from "./checkers/checker.ts";
import type { Watchman } from "./checkers/watchman.ts";
import { injectFaults } from "./faults/injectFaults.ts";
import { AgreementSampler, mostCommonTip } from "./record/agreementSamples.ts";
import { minedBlocks } from "./record/minedBlocks.ts";
import { NetworkRecorder } from "./record/networkRecorder.ts";
import type { SpreadRecord } from "./record/spreadRecord.ts";
import { UpgradeRecorder } from "./record/upgradeRecord.ts";
import { RELAY_MESSAGES, RelayModel } from "./relay/relayModel.ts";
import { compileNetwork, compileRelay } from "./scenario/compileSpread.ts";
import { scenarioHash } from "./scenario/schema.ts";
import type { NetworkScenario, RelayScenario, SpreadScenario } from "./scenario/spreadSchema.ts";
import { watch } from "./watch.ts";
import { Keyholders } from "./world/keyholders.ts";
import { HISTORY_BLOCKS } from "./world/labHistory.ts";
import { NetworkWorld } from "./world/networkWorld.ts";

/** A moment of a run, in a few words and numbers. */
export interface Look {
  readonly [what: string]: string | number;
}

/** A run of any fidelity, played in slices; what comes out does not depend on them. */
export interface Playable<Record> {
  /** How far it is, in {@link unit}s. */
  readonly stepsDone: number;
  readonly stepsTotal: number;
  readonly unit: "blocks" | "seconds";
  readonly done: boolean;
  /** Plays on for at most so many steps. */
  advance(steps: number): void;
  /** SHA-256 (hex) over everything so far: two runs that agree on it did the same things up to here. */
  digest(): string;
  /** What the world looks like now, in a few words and numbers. */
  look(): Look;
  /** The record of a finished run. */
  record(): Record;
}

/** A run in which messages travel. */
export type SpreadRun = Playable<SpreadRecord>;

const SECOND = 1_000_000;

/**
 * @param params of the network that the scenario names; the relay model, in which nothing is checked, has no use for it
 * @throws InvalidInput if the scenario does not fit the network
 */
export const spreadRun = (scenario: SpreadScenario, params: Params, seed: number): SpreadRun =>
  scenario.fidelity === "relay" ? new RelayRun(scenario, seed) : new NetworkRun(scenario, params, seed);

class RelayRun implements SpreadRun {
  readonly unit = "blocks";
  readonly scenario: RelayScenario;
  readonly #seed: number;
  readonly #model: RelayModel;

  constructor(scenario: RelayScenario, seed: number) {
    this.scenario = scenario;
    this.#seed = seed;
    this.#model = new RelayModel(compileRelay(scenario, seed));
  }

  get stepsDone(): number {
    return this.#model.height;
  }

  get stepsTotal(): number {
    return this.scenario.blocks;
  }

  get done(): boolean {
    return this.#model.done;
  }

  advance(steps: number): void {
    this.#model.advance(steps);
  }

  digest(): string {
    return this.#model.digest();
  }

  look(): Look {
    const { height, time, events } = this.#model;
    return { height, seconds: time / SECOND, events };
  }

  record(): SpreadRecord {
    if (!this.done) throw new Error(`The run has played ${this.stepsDone} of ${this.stepsTotal} blocks`);
    const model = this.#model;
    const messages = RELAY_MESSAGES.map((kind, i) => ({ kind, messages: model.sent[i]!, bytes: undefined }));
    return {
      ...about(this.scenario, this.#seed),
      rulesId: undefined,
      digest: model.digest(),
      seconds: model.time / SECOND,
      events: model.events,
      blocks: minedBlocks(model.blocks),
      messages: messages.slice(1), // the first kind is mining
      findings: undefined,
      agreement: undefined,
      upgrade: undefined,
      reorganisations: undefined,
    };
  }
}

export class NetworkRun implements SpreadRun {
  readonly unit = "seconds";
  readonly scenario: NetworkScenario;
  readonly #seed: number;
  readonly #world: NetworkWorld;
  readonly #watchman: Watchman | undefined;
  readonly #recorder: NetworkRecorder;
  readonly #agreement: AgreementSampler;
  readonly #upgrade: UpgradeRecorder | undefined;

  constructor(scenario: NetworkScenario, params: Params, seed: number) {
    this.scenario = scenario;
    this.#seed = seed;
    const { plan, lab, faults } = compileNetwork(scenario, params, seed);
    const recorder = new NetworkRecorder(plan.nodes, plan.history?.blocks.length);
    this.#recorder = recorder;
    let watchman: Watchman | undefined;
    let upgrade: UpgradeRecorder | undefined;
    this.#world = new NetworkWorld(plan, lab, (node, observation, time, tree) => {
      recorder.observe(node, observation, time, tree);
      upgrade?.observe(node, observation, time, tree);
      watchman?.observe(node, observation, time);
    });
    const lastUpgrade = scenario.ponUpgrade ?? scenario.fluxUpgrade;
    if (lastUpgrade !== undefined) upgrade = new UpgradeRecorder(this.#world, HISTORY_BLOCKS + lastUpgrade);
    this.#upgrade = upgrade;
    if (scenario.check) watchman = watch(this.#world, lab, faults);
    this.#watchman = watchman;
    injectFaults(this.#world, faults);
    if (plan.keyholders !== undefined) new Keyholders(this.#world, plan.keyholders).watch();
    this.#agreement = new AgreementSampler(this.#world);
  }

  get stepsDone(): number {
    return Math.floor(this.#world.playedTo / SECOND);
  }

  get stepsTotal(): number {
    return this.#world.plan.duration / SECOND;
  }

  get done(): boolean {
    return this.#world.playedTo === this.#world.plan.duration;
  }

  advance(steps: number): void {
    const until = Math.min(this.#world.playedTo + steps * SECOND, this.#world.plan.duration);
    while (this.#agreement.next <= until) {
      this.#world.advance(this.#agreement.next);
      this.#agreement.sample();
    }
    this.#world.advance(until);
    if (this.done) this.#watchman?.end(this.#world.playedTo);
  }

  /** How much was played so far. */
  get progress(): { readonly seconds: number; readonly events: number; readonly blocks: number } {
    return { seconds: this.stepsDone, events: this.#world.events, blocks: this.#world.blocksMined };
  }

  digest(): string {
    return this.#world.digest();
  }

  look(): Look {
    const { nodes, down, events, blocksMined } = this.#world;
    const up = nodes.filter((_, i) => down[i] === 0);
    const heights = up.map(({ chain }) => chain.tipHeight);
    return {
      seconds: this.stepsDone,
      events,
      blocksMined,
      nodesUp: up.length,
      lowestTip: heights.reduce((least, each) => Math.min(least, each), heights[0] ?? 0),
      highestTip: heights.reduce((most, each) => Math.max(most, each), 0),
      tips: new Set(up.map(({ chain }) => chain.tip)).size,
      connections: up.reduce((sum, { peers }) => sum + peers.length, 0),
      transactionsInPools: up.reduce((sum, { mempool }) => sum + mempool.pool.size, 0),
    };
  }

  /** What checkers found so far. */
  get findings(): readonly CheckerFinding[] {
    return this.#watchman?.findings ?? [];
  }

  record(): SpreadRecord {
    if (!this.done) throw new Error(`The run has played ${this.stepsDone} of ${this.stepsTotal} seconds`);
    const world = this.#world;
    const messages = Array.from(world.tally.byCommand, ([kind, counted]) => ({ kind, ...counted }));
    return {
      ...about(this.scenario, this.#seed),
      rulesId: rulesId(world.chain.params),
      digest: world.digest(),
      seconds: this.stepsTotal,
      events: world.events,
      blocks: minedBlocks(this.#recorder.blocks, this.#recorder.rowOf(mostCommonTip(world) ?? 0)),
      messages: messages.sort((a, b) => b.bytes - a.bytes),
      findings: this.#watchman?.findings,
      agreement: this.#agreement.samples,
      upgrade: this.#upgrade?.record(),
      reorganisations: [...this.#recorder.reorganisations].sort(([a], [b]) => a - b),
    };
  }
}

const about = (scenario: SpreadScenario, seed: number) => ({
  format: 1 as const,
  fidelity: scenario.fidelity,
  scenario,
  scenarioHash: scenarioHash(scenario),
  seed: `${seed}`,
  nodes: scenario.nodes,
});
