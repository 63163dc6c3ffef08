import { TIERS, type Tier } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import { ascending, quantileSorted } from "d3-array";
import { waitSummary } from "./waits.ts";

// Whether every node of a tier is paid as often as every other, by how long it was in the queue. A turn is the tier's median
// wait: who is in the queue for n turns is due n payments.

/** Nodes by how many turns they were in the queue. */
interface StayGroup {
  /** In turns, from, and to less than. */
  readonly from: number;
  readonly to: number;
  readonly nodes: number;
  /** Payments per second confirmed, as a ratio to the whole tier's; undefined without a node. */
  readonly rate: number | undefined;
}

export interface Fairness {
  readonly tier: Tier;
  /** Seconds. */
  readonly turn: number;
  /** Nodes that stayed for at least {@link LONG_STAY} turns. */
  readonly stayed: number;
  /** Percentiles of their rates, as ratios to the tier's. */
  readonly p5: number;
  readonly p95: number;
  /** Jain's index of their rates: 1 if all are equal, 1/n if one has everything. */
  readonly jain: number;
  /** Gini's coefficient of their rates: 0 if all are equal. */
  readonly gini: number;
  readonly groups: readonly StayGroup[];
}

/** Below this, whether the last turn was just paid or just not is most of what is seen. */
export const LONG_STAY = 10;

const BOUNDS = [0, 1, 2, 5, LONG_STAY, 50, Number.POSITIVE_INFINITY];

/**
 * Tiers in which nodes waited and stayed, and whose queue kept about its length; where it did not, when a node was there says
 * more about its rate than how it was treated.
 */
export const fairness = (record: RunRecord): Fairness[] =>
  TIERS.filter((tier) => steady(record, tier)).flatMap((tier) => {
    const turn = waitSummary(record.tiers[tier].waits)?.median;
    const found = turn === undefined ? undefined : tierFairness(record, tier, turn);
    return found === undefined ? [] : [found];
  });

/** Longest queue over shortest, at most. */
const STEADY = 1.25;

function steady({ samples }: RunRecord, tier: Tier): boolean {
  const queue = samples.tiers[tier].queue;
  const least = queue.reduce((found, each) => Math.min(found, each), Number.POSITIVE_INFINITY);
  return queue.reduce((found, each) => Math.max(found, each), 0) <= least * STEADY;
}

function tierFairness(record: RunRecord, tier: Tier, turn: number): Fairness | undefined {
  const { payments, confirmedSeconds } = record.tiers[tier];
  const tierRate = payments / confirmedSeconds;
  const stays = staysOf(record, tier);
  const rates = stays
    .filter(({ seconds }) => seconds >= LONG_STAY * turn)
    .map((stay) => stay.payments / stay.seconds / tierRate)
    .sort(ascending);
  if (rates.length === 0) return undefined;
  const groups = BOUNDS.slice(1).map((to, i): StayGroup => {
    const from = BOUNDS[i]!;
    const inGroup = stays.filter(({ seconds }) => seconds >= from * turn && seconds < to * turn);
    const total = (key: "payments" | "seconds") => inGroup.reduce((sum, stay) => sum + stay[key], 0);
    const seconds = total("seconds");
    const rate = seconds > 0 ? total("payments") / seconds / tierRate : undefined;
    return { from, to, nodes: inGroup.length, rate };
  });
  return {
    tier,
    turn,
    stayed: rates.length,
    p5: quantileSorted(rates, 0.05)!,
    p95: quantileSorted(rates, 0.95)!,
    jain: jainIndex(rates),
    gini: giniCoefficient(rates),
    groups,
  };
}

interface Stay {
  readonly payments: number;
  readonly seconds: number;
}

/** Of every node of the tier that was confirmed for any time. */
function staysOf({ nodes }: RunRecord, tier: Tier): Stay[] {
  const index = TIERS.indexOf(tier);
  return Array.from(nodes.tier).flatMap((of, i): Stay[] => {
    const seconds = nodes.confirmedSeconds[i]!;
    return of === index && seconds > 0 ? [{ payments: nodes.payments[i]!, seconds }] : [];
  });
}

/** (sum x)^2 / (n sum x^2). Source: Jain, Chiu and Hawe, DEC-TR-301, 1984. */
export function jainIndex(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares);
}

/** Mean difference of two values over twice their mean; `rising` from low to high. */
export function giniCoefficient(rising: readonly number[]): number {
  const n = rising.length;
  const sum = rising.reduce((total, value) => total + value, 0);
  const weighted = rising.reduce((total, value, i) => total + (2 * i + 1 - n) * value, 0);
  return sum === 0 ? 0 : weighted / (n * sum);
}
