import { Random, unreachable } from "@fluxlab/core";
import type { FusionFlow, FusionPlan, SwapSizes } from "./fusionPlan.ts";

// Who wants to swap what and when: drawn from a stream a flow, so that a flow more or less leaves the others as they are.

const DAY_MS = 86_400_000;

/** Swaps in the order in which people ask for them, one row each. */
export interface AskedSwaps {
  /** Milliseconds since the start. */
  readonly ms: Float64Array;
  /** Index into the plan's flows. */
  readonly flow: Uint16Array;
  /** Satoshi. */
  readonly amount: BigUint64Array;
}

/** All swaps of a plan. Ties are in the order of the flows. */
export function askedSwaps({ flows, seed, lengthMs }: FusionPlan): AskedSwaps {
  const root = Random.root(seed).fork("fusion");
  const rows = flows.flatMap((flow, i) => {
    const random = root.fork(`flow/${i}`);
    return momentsOf(flow, lengthMs, random).map((ms) => ({ ms, flow: i, amount: drawAmount(flow, random) }));
  });
  rows.sort((a, b) => a.ms - b.ms || a.flow - b.flow);
  return {
    ms: Float64Array.from(rows, ({ ms }) => ms),
    flow: Uint16Array.from(rows, ({ flow }) => flow),
    amount: BigUint64Array.from(rows, ({ amount }) => amount),
  };
}

/** Waits between swaps are exponential; where the rate changes they may begin anew, because they remember nothing. */
function momentsOf({ swapsPerDay, surge }: FusionFlow, lengthMs: number, random: Random): number[] {
  const from = surge?.fromMs ?? lengthMs;
  const to = surge === undefined ? lengthMs : from + surge.lengthMs;
  const stretches = [
    { start: 0, end: from, rate: swapsPerDay },
    { start: from, end: to, rate: swapsPerDay * (surge?.times ?? 1) },
    { start: to, end: lengthMs, rate: swapsPerDay },
  ];
  return stretches.flatMap(({ start, end, rate }) => {
    const moments: number[] = [];
    let ms = start;
    while (rate > 0) {
      ms += random.exponential(DAY_MS / rate);
      if (ms >= Math.min(end, lengthMs)) break;
      moments.push(ms);
    }
    return moments;
  });
}

/** A heavy swap is the smallest, doubled as long as a coin shows heads, at most this often. */
const DOUBLINGS = 8;
/** Then the mean is so many times the smallest: a half for each doubling, and one for the end. */
const HEAVY_MEAN = BigInt(DOUBLINGS / 2 + 1);

/** The largest swap that a flow can hold, satoshi. */
export function largestSwap({ sizes, meanAmount }: Pick<FusionFlow, "sizes" | "meanAmount">): bigint {
  switch (sizes) {
    case "equal":
      return meanAmount;
    case "uniform":
      return (meanAmount * 199n) / 100n;
    case "heavy":
      return (meanAmount << BigInt(DOUBLINGS)) / HEAVY_MEAN;
    default:
      return unreachable(sizes, "Sizes of swaps");
  }
}

/** Integers only; rounded down to the satoshi, which is why a mean has at least a hundred of them. */
function drawAmount(
  { sizes, meanAmount }: { readonly sizes: SwapSizes; readonly meanAmount: bigint },
  random: Random,
): bigint {
  switch (sizes) {
    case "equal":
      return meanAmount;
    case "uniform":
      return (meanAmount * BigInt(1 + random.below(199))) / 100n;
    case "heavy": {
      let doublings = 0;
      while (doublings < DOUBLINGS && random.chance(1, 2)) doublings++;
      return (meanAmount << BigInt(doublings)) / HEAVY_MEAN;
    }
    default:
      return unreachable(sizes, "Sizes of swaps");
  }
}
