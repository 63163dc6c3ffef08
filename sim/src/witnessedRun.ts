import { assert, Random } from "@fluxlab/core";
import type { CheckerFinding } from "./checkers/checker.ts";
import type { Watchman } from "./checkers/watchman.ts";
import type { Fault } from "./faults/fault.ts";
import { injectFaults } from "./faults/injectFaults.ts";
import type { LabWorld } from "./labWorld.ts";
import { linkedWith } from "./net/topology.ts";
import { healedAt, watch } from "./watch.ts";
import type { NetworkAccount } from "./witness/account.ts";
import { NetworkWitness } from "./witness/networkWitness.ts";
import { LabPayments } from "./world/labPayments.ts";
import { type TrafficRates, trafficEvents } from "./world/labTraffic.ts";
import { NetworkWorld } from "./world/networkWorld.ts";

const SECOND = 1_000_000;

/** A node that starts again when its chain has come to a height. */
interface HeightRestart {
  readonly node: number;
  readonly height: number;
}

/** A laboratory network in the simulator, of which everything is noted that a testnet would show. */
export class WitnessedRun {
  readonly #world: NetworkWorld;
  readonly #watchman: Watchman;
  readonly #witness: NetworkWitness;
  readonly #faults: readonly Fault[];
  readonly #restarts: HeightRestart[] = [];

  constructor(labWorld: LabWorld, faults: readonly Fault[], traffic?: TrafficRates) {
    const { plan, lab, base } = labWorld;
    this.#faults = faults;
    let watchman: Watchman | undefined;
    const world = new NetworkWorld(plan, lab, (node, observation, time) => {
      watchman?.observe(node, observation, time);
      if (observation.kind === "tip") this.#restartIfDue(node, observation.height);
    });
    this.#world = world;
    const rulesOf = (node: number) => world.nodes[node]!.chain.shared.params;
    this.#witness = new NetworkWitness(plan.nodes, base.length - 1, rulesOf);
    watchman = watch(world, lab, faults, [this.#witness]);
    this.#watchman = watchman;
    world.nodes.forEach(({ chain }, node) => {
      const { tipHash: hash, tipHeight: height } = chain;
      watchman!.observe(node, { kind: "tip", hash, height, disconnected: 0, connected: 0 }, 0);
    });
    injectFaults(world, faults);
    if (traffic !== undefined) this.#send(traffic);
  }

  #send(rates: TrafficRates): void {
    const world = this.#world;
    const { nodes, duration, seed, history, params } = world.plan;
    assert(history !== undefined, "a laboratory network has a miner with coins");
    const random = Random.root(seed).fork("traffic");
    const payments = new LabPayments(params, history, random.fork("payments"));
    for (const { time, node, kind } of trafficEvents(rates, nodes, duration, random)) {
      world.interfere(Math.floor(time), () => {
        if (world.down[node] === 1) return;
        const tx = payments[kind](world.nodes[node]!.chain.tipHeight + 1);
        if (tx !== undefined) world.nodes[node]!.submitTransaction(tx);
      });
    }
  }

  /** Has a node stop in order and start again when its chain has come to a height. */
  restartAt(node: number, height: number): void {
    this.#restarts.push({ node, height });
  }

  #restartIfDue(node: number, height: number): void {
    const due = this.#restarts.findIndex((each) => each.node === node && each.height <= height);
    if (due < 0) return;
    this.#restarts.splice(due, 1);
    this.#world.interfere(this.#world.now, () => {
      this.#world.kill(node);
      this.#world.restart(node, { kind: "whole" });
    });
  }

  isUp(node: number): boolean {
    return this.#world.down[node] === 0;
  }

  get secondsDone(): number {
    return this.#world.playedTo / SECOND;
  }

  get done(): boolean {
    return this.#world.playedTo === this.#world.plan.duration;
  }

  get findings(): readonly CheckerFinding[] {
    return this.#watchman.findings;
  }

  advance(seconds: number): void {
    const { duration } = this.#world.plan;
    this.#world.advance(Math.min(this.#world.playedTo + Math.floor(seconds * SECOND), duration));
    if (this.done) this.#watchman.end(duration);
  }

  /** Events delivered. */
  get events(): number {
    return this.#world.events;
  }

  /** What the run showed so far. */
  account(): NetworkAccount {
    const { params, nodes, topology } = this.#world.plan;
    return {
      ...{ nodes, params, witness: this.#witness, findings: this.findings, duration: this.#world.playedTo },
      healed: healedAt(this.#faults),
      linksOf: (node) => linkedWith(topology, node),
    };
  }
}
