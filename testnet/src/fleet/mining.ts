import type { Random } from "@fluxlab/core";
import type { HashRates } from "./faults.ts";
import type { Fleet } from "./fleet.ts";
import { RpcRefusal, RpcSilence } from "./rpcClient.ts";

/** What a miner did, for the log. */
export interface MiningCounts {
  readonly made: number;
  /** Blocks that were not made because the node whose turn it was did not run. */
  readonly missed: number;
}

/**
 * Has nodes make blocks at the rate of the scenario: waits are drawn from an exponential distribution, as proof of work has it, and the
 * miner by its share of the hash rate. A node that is down or stands still finds nothing, so with it the rate falls, as in life.
 */
export class Mining implements HashRates {
  readonly #fleet: Fleet;
  readonly #random: Random;
  readonly #intervalMs: number;
  readonly #weights: number[];
  readonly #log: (text: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #made = 0;
  #missed = 0;
  /** Hash rate of all nodes at the beginning, which the interval is for. */
  readonly #full: number;

  constructor(
    fleet: Fleet,
    random: Random,
    intervalMs: number,
    weights: readonly number[],
    log: (text: string) => void,
  ) {
    this.#fleet = fleet;
    this.#random = random;
    this.#intervalMs = intervalMs;
    this.#weights = [...weights];
    this.#full = Math.max(1, sum(weights));
    this.#log = log;
  }

  get counts(): MiningCounts {
    return { made: this.#made, missed: this.#missed };
  }

  weight(node: number): number {
    return this.#weights[node] ?? 0;
  }

  /** From the next wait on. */
  setWeight(node: number, weight: number): void {
    this.#weights[node] = weight;
    if (this.#timer !== undefined) this.start();
  }

  start(): void {
    clearTimeout(this.#timer);
    const total = sum(this.#weights);
    if (total === 0) return;
    const wait = this.#random.exponential(this.#intervalMs * (this.#full / total));
    this.#timer = setTimeout(() => {
      this.start();
      void this.#mine();
    }, wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #mine(): Promise<void> {
    const miner = this.#random.weighted(this.#weights, Math.max(...this.#weights));
    if (!this.#fleet.running.includes(miner)) {
      this.#missed++;
      return;
    }
    // Under proof of node FluxNodes make the blocks, by themselves.
    if (this.#fleet.endsWork(miner)) return;
    try {
      await this.#fleet.rpc(miner).call("generate", [1]);
      this.#made++;
    } catch (error) {
      if (!(error instanceof RpcSilence || error instanceof RpcRefusal)) throw error;
      this.#missed++;
      this.#log(`node ${miner} made no block: ${error.message}`);
    }
  }
}

const sum = (weights: readonly number[]): number => weights.reduce((total, weight) => total + weight, 0);
