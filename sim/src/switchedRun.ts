import { heightAfter, type Params, type PerTier, perTier, TIERS } from "@fluxlab/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { EconomyPart, SpreadRecord } from "./record/spreadRecord.ts";
import type { SpreadScene } from "./record/spreadScene.ts";
import type { SpreadTrace } from "./record/spreadTrace.ts";
import { microseconds } from "./scenario/compileFaults.ts";
import { START_SECONDS } from "./scenario/compileSpread.ts";
import {
  compileAfter,
  compileBefore,
  type SwitchedScenario,
  switchedRules,
} from "./scenario/compileSwitched.ts";
import { type Look, NetworkRun, type SpreadRun } from "./spreadRun.ts";
import { Economy } from "./world/economy.ts";
import { startAfterEconomy } from "./world/economyStart.ts";
import type { NetworkNodeView } from "./world/networkNodeView.ts";

const SECOND = 1_000_000;

/** Blocks of an economy between looks of its host. */
const ECONOMY_SLICE = 2_000;

/**
 * An economy up to a height, full nodes from there on, and an economy again if the scenario has one after them. Each part goes on
 * from the chain that the one before it left: the same FluxNodes with the same turns, the same supply, the same rules.
 */
export class SwitchedRun implements SpreadRun {
  readonly unit = "seconds";
  readonly scenario: SwitchedScenario;
  readonly #seed: number;
  readonly #base: Params;
  readonly #rules: Params;
  readonly #trace: SpreadTrace | undefined;
  readonly #before: EconomyPlayer;
  #network: NetworkRun | undefined;
  #after: EconomyPlayer | undefined;

  /** @throws InvalidInput if the scenario does not fit the network */
  constructor(scenario: SwitchedScenario, base: Params, seed: number, trace?: SpreadTrace) {
    this.#trace = trace;
    this.scenario = scenario;
    this.#seed = seed;
    this.#base = base;
    this.#rules = switchedRules(scenario, base);
    this.#before = new EconomyPlayer(new Economy(compileBefore(scenario, this.#rules, seed)));
  }

  get stepsDone(): number {
    return this.#before.seconds + (this.#network?.stepsDone ?? 0) + (this.#after?.seconds ?? 0);
  }

  /** Of what is known: how long the last economy is turns out when it begins. */
  get stepsTotal(): number {
    const network = microseconds(this.scenario.run) / SECOND;
    return this.#before.total + network + (this.#after?.total ?? 0);
  }

  get done(): boolean {
    if (this.#network?.done !== true) return false;
    return this.scenario.economy.after === undefined || this.#after?.done === true;
  }

  /** Steps that a host may take at once and still draw its progress. */
  get slice(): number | undefined {
    const economy = this.#before.done ? this.#after : this.#before;
    return economy?.done === false ? economy.slice : undefined;
  }

  advance(steps: number): void {
    let left = steps;
    while (left > 0 && !this.done) {
      const before = this.stepsDone;
      const part = this.#part();
      part.advance(left);
      left -= this.stepsDone - before;
    }
  }

  /** What is to be played now; the next part is made when the one before it is over. */
  #part(): { advance(steps: number): void } {
    if (!this.#before.done) return this.#before;
    this.#network ??= this.#startNetwork();
    if (!this.#network.done) return this.#network;
    const plan = compileAfter(this.scenario, this.#rules, this.#seed, this.#network.bestState());
    this.#after ??= new EconomyPlayer(new Economy(plan!));
    return this.#after;
  }

  #startNetwork(): NetworkRun {
    const start = startAfterEconomy(this.#before.economy, this.#rules, START_SECONDS);
    return new NetworkRun(this.scenario, this.#base, this.#seed, { start, trace: this.#trace });
  }

  // Those who watch see full nodes: the economy before them is played first, the one after them when they are done.

  #watched(): NetworkRun {
    while (this.#network === undefined) {
      if (this.#before.done) this.#network = this.#startNetwork();
      else this.#before.advance(this.#before.slice);
    }
    return this.#network;
  }

  get time(): number {
    return this.#watched().time;
  }

  get nextTime(): number {
    return this.#watched().nextTime;
  }

  get blocks(): number {
    return this.#watched().blocks;
  }

  get scene(): SpreadScene {
    return this.#watched().scene;
  }

  node(number: number): NetworkNodeView | undefined {
    return this.#watched().node(number);
  }

  advanceTo(time: number): void {
    const network = this.#watched();
    network.advanceTo(time);
    while (network.done && !this.done) this.advance(this.slice ?? 1);
  }

  digest(): string {
    const parts = [this.#before.economy, this.#network, this.#after?.economy];
    return bytesToHex(sha256(utf8ToBytes(parts.map((part) => part?.digest() ?? "").join("/"))));
  }

  look(): Look {
    const economy = this.#network === undefined ? this.#before : this.#after;
    if (economy === undefined) return this.#network!.look();
    const { chain } = economy.economy;
    const queues = TIERS.map((tier, i) => [`${tier}Queue`, chain.nodes.queueLength(i)] as const);
    return { height: chain.height, seconds: this.stepsDone, ...Object.fromEntries(queues) };
  }

  record(): SpreadRecord {
    if (!this.done) throw new Error(`The run has played ${this.stepsDone} of ${this.stepsTotal} seconds`);
    const after = this.#after === undefined ? {} : { after: this.#after.part() };
    return {
      ...this.#network!.record(),
      digest: this.digest(),
      economy: { before: this.#before.part(), ...after },
    };
  }
}

/** An economy that is played by seconds. */
class EconomyPlayer {
  readonly economy: Economy;
  /** From its first block to the one after its last. */
  readonly total: number;
  readonly #supplyBefore: bigint;
  seconds = 0;

  constructor(economy: Economy) {
    this.economy = economy;
    this.#supplyBefore = economy.chain.supply;
    this.total = economy.secondsAt(economy.plan.lastHeight + 1);
  }

  get done(): boolean {
    return this.seconds === this.total;
  }

  get slice(): number {
    const { height } = this.economy;
    return ECONOMY_SLICE * (this.economy.secondsAt(height + 1) - this.economy.secondsAt(height));
  }

  advance(steps: number): void {
    const { params, firstHeight, lastHeight } = this.economy.plan;
    this.seconds = Math.min(this.seconds + steps, this.total);
    this.economy.advance(Math.min(heightAfter(params, firstHeight, this.seconds) - 1, lastHeight));
    if (this.done) this.economy.advance(lastHeight);
  }

  part(): EconomyPart {
    const { plan, chain, payments, paid } = this.economy;
    const byTier = <T>(values: ArrayLike<T>): PerTier<T> => perTier((tier) => values[TIERS.indexOf(tier)]!);
    return {
      firstHeight: plan.firstHeight,
      lastHeight: plan.lastHeight,
      digest: this.economy.digest(),
      supply: { before: this.#supplyBefore, after: chain.supply },
      queues: perTier((tier) => chain.nodes.queueLength(TIERS.indexOf(tier))),
      payments: byTier(payments),
      paid: byTier(paid),
    };
  }
}
