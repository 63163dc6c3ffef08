import type { Random } from "@fluxlab/core";

/**
 * Who finds the next block, and when. Exponential times have no memory, so one race stands for all miners, and a race that is
 * called off when rates change may be run again from then on.
 */
export class BlockRace {
  /** Names the race that is on; those of other numbers were called off. */
  number = 0;
  /** Draws of the miners' own. */
  readonly random: Random;
  readonly #interval: number;
  readonly #planned: Uint32Array;
  readonly #plannedTotal: number;
  readonly #rates: Uint32Array;
  #total: number;
  #strongest: number;

  /** @param interval mean microseconds between blocks at the rates planned, in parts by node */
  constructor(interval: number, planned: Uint32Array, random: Random) {
    this.random = random;
    this.#interval = interval;
    this.#planned = planned;
    this.#rates = planned.slice();
    this.#plannedTotal = sum(planned);
    this.#total = this.#plannedTotal;
    this.#strongest = most(planned);
  }

  /** Sets a miner's rate to so many times what was planned, a whole number, and calls the race off. */
  setPower(node: number, times: number): void {
    this.#rates[node] = this.#planned[node]! * times;
    this.#total = sum(this.#rates);
    this.#strongest = most(this.#rates);
    this.number++;
  }

  /** The winner of a race that begins now, and microseconds until it wins; undefined if nobody mines. */
  run(): { readonly winner: number; readonly wait: number } | undefined {
    if (this.#total === 0) return undefined;
    const winner = this.random.weighted(this.#rates, this.#strongest);
    const mean = (this.#interval * this.#plannedTotal) / this.#total;
    return { winner, wait: this.random.exponential(mean) };
  }
}

const sum = (rates: Uint32Array): number => rates.reduce((total, rate) => total + rate, 0);
const most = (rates: Uint32Array): number => rates.reduce((highest, rate) => Math.max(highest, rate), 0);
