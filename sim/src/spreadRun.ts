import { type Params, rulesId, type StateContents } from "@fluxlab/core";
import type { CheckerFinding } from "./checkers/checker.ts";
import type { Watchman } from "./checkers/watchman.ts";
import { injectFaults } from "./faults/injectFaults.ts";
import { AgreementSampler, mostCommonTip } from "./record/agreementSamples.ts";
import { minedBlocks } from "./record/minedBlocks.ts";
import { NetworkRecorder } from "./record/networkRecorder.ts";
import { NetworkTracer } from "./record/networkTracer.ts";
import type { StartedFrom } from "./record/runRecord.ts";
import type { SpreadRecord } from "./record/spreadRecord.ts";
import { networkScene, relayScene, type SpreadScene } from "./record/spreadScene.ts";
import type { SpreadTrace } from "./record/spreadTrace.ts";
import { UpgradeRecorder } from "./record/upgradeRecord.ts";
import { RELAY_MESSAGES, RelayModel } from "./relay/relayModel.ts";
import { compileNetwork, compileRelay, upgradeToRecord } from "./scenario/compileSpread.ts";
import { scenarioHash } from "./scenario/schema.ts";
import type { NetworkScenario, RelayScenario, SpreadScenario } from "./scenario/spreadSchema.ts";
import { watch } from "./watch.ts";
import { Keyholders } from "./world/keyholders.ts";
import { type NetworkNodeView, networkNodeView } from "./world/networkNodeView.ts";
import { firstTipRow } from "./world/networkPlan.ts";
import { NetworkWorld } from "./world/networkWorld.ts";
import { NOBODY } from "./world/worldEvents.ts";
import type { WorldStart } from "./world/worldStart.ts";

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
  /** Steps to take at once, where that is more than usual. */
  readonly slice?: number | undefined;
  /** Plays on for at most so many steps. */
  advance(steps: number): void;
  /** SHA-256 (hex) over everything so far: two runs that agree on it did the same things up to here. */
  digest(): string;
  /** What the world looks like now, in a few words and numbers. */
  look(): Look;
  /** The record of what was played so far; of the whole run once it is {@link done}. */
  record(): Record;
}

/** A run in which messages travel; those who watch it play it by time. All times are microseconds since it began. */
export interface SpreadRun extends Playable<SpreadRecord> {
  readonly time: number;
  /** When something happens next; Infinity: never. */
  readonly nextTime: number;
  /** Mined so far. */
  readonly blocks: number;
  /** Plays everything up to a time, that included, or to the end. */
  advanceTo(time: number): void;
  readonly scene: SpreadScene;
  /** One full node at the newest moment; undefined if there is none of that number. */
  node?(number: number): NetworkNodeView | undefined;
}

const SECOND = 1_000_000;

/** Part of a run of the relay model after which its messages are counted for those who watch. */
const TRAFFIC_EVERY = 1 / 240;

export class RelayRun implements SpreadRun {
  readonly unit = "blocks";
  readonly scenario: RelayScenario;
  readonly #seed: number;
  readonly #model: RelayModel;
  readonly #trace: SpreadTrace | undefined;
  readonly scene: SpreadScene;
  /** Of the model's blocks, those that were traced. */
  #traced = 1;
  #nextTraffic = 0;
  #playedTo = 0;

  constructor(scenario: RelayScenario, seed: number, trace?: SpreadTrace) {
    this.scenario = scenario;
    this.#seed = seed;
    this.#trace = trace;
    const onTip = (node: number, block: number, time: number, from: number) => {
      this.#traceBlocks();
      trace?.tip(time, node, block, from === node ? NOBODY : from);
    };
    this.#model = new RelayModel(compileRelay(scenario, seed), trace === undefined ? {} : { onTip });
    this.scene = relayScene(this.#model);
  }

  #traceBlocks(): void {
    const { parent, height, miner, minedAt, length } = this.#model.blocks;
    for (; this.#traced < length; this.#traced++) {
      const row = this.#traced;
      const [by, time] = [miner[row]!, minedAt[row]!];
      this.#trace?.block({ parent: parent[row]!, height: height[row]!, miner: by, time, hash: undefined });
      this.#trace?.log(time, "mined", by, { subject: row });
    }
  }

  /** Up to then it was played, whether or not anything happened. */
  get time(): number {
    return Math.max(this.#playedTo, this.#model.time);
  }

  get nextTime(): number {
    return this.#model.nextTime;
  }

  get blocks(): number {
    return this.#model.blocks.length - 1;
  }

  advanceTo(time: number): void {
    this.#model.advanceTo(time);
    this.#playedTo = this.done ? this.#model.time : time;
    if (time < this.#nextTraffic) return;
    const messages = this.#model.sent.reduce((sum, count) => sum + count, -this.#model.sent[0]!);
    this.#trace?.traffic(this.time, messages, 0);
    this.#nextTraffic = this.time + this.scene.seconds * TRAFFIC_EVERY;
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

export interface NetworkRunOptions {
  /** The chain that all nodes begin with, instead of the network's own. */
  readonly start?: WorldStart | undefined;
  /** What the record says of it, if it was recorded. */
  readonly from?: StartedFrom | undefined;
  /** Is told what happens; it changes nothing. */
  readonly trace?: SpreadTrace | undefined;
}

export class NetworkRun implements SpreadRun {
  readonly unit = "seconds";
  readonly scenario: NetworkScenario;
  readonly #seed: number;
  readonly #world: NetworkWorld;
  readonly #watchman: Watchman | undefined;
  readonly #recorder: NetworkRecorder;
  readonly #agreement: AgreementSampler;
  readonly #from: StartedFrom | undefined;
  readonly #trace: SpreadTrace | undefined;
  readonly scene: SpreadScene;
  readonly #upgrade: UpgradeRecorder | undefined;

  constructor(
    scenario: NetworkScenario,
    params: Params,
    seed: number,
    { start, from, trace }: NetworkRunOptions = {},
  ) {
    this.#from = from;
    this.scenario = scenario;
    this.#seed = seed;
    const { plan, lab, faults } = compileNetwork(scenario, params, seed, start);
    const recorder = new NetworkRecorder(plan.nodes, firstTipRow(plan));
    this.#recorder = recorder;
    let watchman: Watchman | undefined;
    let tracer: NetworkTracer | undefined;
    let upgrade: UpgradeRecorder | undefined;
    this.#world = new NetworkWorld(plan, lab, (node, observation, time, tree) => {
      recorder.observe(node, observation, time, tree);
      upgrade?.observe(node, observation, time, tree);
      watchman?.observe(node, observation, time);
      tracer?.observe(node, observation, time, tree);
    });
    if (trace !== undefined) tracer = new NetworkTracer(trace, recorder, this.#world);
    this.#trace = trace;
    const upgradeAt = upgradeToRecord(scenario, plan);
    if (upgradeAt !== undefined) upgrade = new UpgradeRecorder(this.#world, upgradeAt);
    this.#upgrade = upgrade;
    if (scenario.check) watchman = watch(this.#world, lab, faults);
    this.#watchman = watchman;
    injectFaults(this.#world, faults);
    if (plan.keyholders !== undefined) new Keyholders(this.#world, plan.keyholders).watch();
    this.#agreement = new AgreementSampler(this.#world);
    this.scene = networkScene(this.#world, scenario, faults, watchman?.names ?? []);
  }

  get time(): number {
    return this.#world.playedTo;
  }

  get nextTime(): number {
    return this.#world.nextTime;
  }

  get blocks(): number {
    return this.#recorder.blocks.length - 1;
  }

  node(number: number): NetworkNodeView | undefined {
    return networkNodeView(this.#world, number);
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
    this.advanceTo(this.#world.playedTo + steps * SECOND);
  }

  advanceTo(time: number): void {
    if (this.done) return;
    const until = Math.min(time, this.#world.plan.duration);
    while (this.#agreement.next <= until) {
      this.#world.advance(this.#agreement.next);
      this.#agreement.sample();
      this.#traceTraffic();
    }
    this.#world.advance(until);
    if (this.done) this.#watchman?.end(this.#world.playedTo);
  }

  #traceTraffic(): void {
    let [messages, bytes] = [0, 0];
    for (const counted of this.#world.tally.byCommand.values()) {
      messages += counted.messages;
      bytes += counted.bytes;
    }
    this.#trace?.traffic(this.#world.playedTo, messages, bytes);
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

  /** The state after the best tip of all nodes that run. Valid until the world is played on. */
  bestState(): StateContents {
    const up = this.#world.nodes.filter((_, i) => this.#world.down[i] === 0);
    const { tree } = this.#world.chain;
    const best = up.reduce((a, b) => (tree.compareWork(b.chain.tip, a.chain.tip) > 0 ? b : a));
    return best.chain.state();
  }

  /** What checkers found so far. */
  get findings(): readonly CheckerFinding[] {
    return this.#watchman?.findings ?? [];
  }

  record(): SpreadRecord {
    const world = this.#world;
    const messages = Array.from(world.tally.byCommand, ([kind, counted]) => ({ kind, ...counted }));
    return {
      ...about(this.scenario, this.#seed),
      rulesId: rulesId(world.chain.params),
      digest: world.digest(),
      seconds: world.playedTo / SECOND,
      events: world.events,
      blocks: minedBlocks(this.#recorder.blocks, this.#recorder.rowOf(mostCommonTip(world) ?? 0)),
      messages: messages.sort((a, b) => b.bytes - a.bytes),
      findings: this.#watchman?.findings,
      agreement: this.#agreement.samples,
      upgrade: this.#upgrade?.record(),
      reorganisations: [...this.#recorder.reorganisations].sort(([a], [b]) => a - b),
      ...(this.#from === undefined ? {} : { start: this.#from }),
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
