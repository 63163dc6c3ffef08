import { assert, exp, ln, type Random } from "@fluxlab/core";

/** The mean of a Pareto distribution with this much less for scale and a fifth of the mean for shape is the mean itself. */
const SPREAD_MS = 5;

/** Means between regions are more than this. */
export const LEAST_LATENCY_MS = SPREAD_MS;
const SHAPE_PER_MS = 0.2;

const CELL_BITS = 9;
const CELLS = 1 << CELL_BITS;
const CELL_SIZE = 0x1_0000_0000 / CELLS;
/** Below this cell the tail bends too much for straight lines between the cells' ends: it is computed. */
const FIRST_STRAIGHT_CELL = 16;

/**
 * How long a message is under way, drawn anew for each from a Pareto distribution around the mean between two regions: never
 * much less than the mean, now and then much more. SimBlock's law (simulator/Network.java getLatency), in microseconds where
 * it rounds to milliseconds.
 *
 * A draw is a look into a table of quantiles, with a straight line between neighbours: within a thousandth of the exact one.
 */
export class Latency {
  readonly #regions: number;
  readonly #meanMs: readonly (readonly number[])[];
  /** Microseconds that are exceeded with a chance of cell / CELLS, CELLS + 1 for each pair of regions. */
  readonly #quantiles: Int32Array;

  /** @param meanMs more than 5 ms each, from region to region */
  constructor(meanMs: readonly (readonly number[])[]) {
    this.#regions = meanMs.length;
    this.#meanMs = meanMs;
    this.#quantiles = new Int32Array(meanMs.length * meanMs.length * (CELLS + 1));
    meanMs.forEach((row, from) => {
      row.forEach((mean, to) => {
        const at = this.#tableOf(from, to);
        for (let cell = FIRST_STRAIGHT_CELL; cell <= CELLS; cell++) {
          this.#quantiles[at + cell] = Math.round(paretoMicroseconds(mean, cell / CELLS));
        }
      });
    });
  }

  /** Whole microseconds from a region to a region. */
  draw(from: number, to: number, random: Random): number {
    const bits = random.bits32();
    const cell = bits >>> (32 - CELL_BITS);
    if (cell < FIRST_STRAIGHT_CELL) {
      return Math.round(paretoMicroseconds(this.#meanMs[from]![to]!, (bits + 1) / 0x1_0000_0000));
    }
    const at = this.#tableOf(from, to) + cell;
    const slow = this.#quantiles[at]!;
    const part = (bits & (CELL_SIZE - 1)) / CELL_SIZE;
    return Math.round(slow + (this.#quantiles[at + 1]! - slow) * part);
  }

  #tableOf(from: number, to: number): number {
    return (from * this.#regions + to) * (CELLS + 1);
  }
}

/** The delay that is exceeded with the given chance, in (0, 1]. */
export function paretoMicroseconds(meanMs: number, chance: number): number {
  assert(meanMs > SPREAD_MS, `a mean latency of ${meanMs} ms: more than ${SPREAD_MS}`);
  return (meanMs - SPREAD_MS) * 1_000 * exp(-ln(chance) / (SHAPE_PER_MS * meanMs));
}
