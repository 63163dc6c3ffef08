import type { Tier } from "@fluxlab/core";
import type { NodeTable, PayoutSpread, RunRecord, Samples, TierTotals } from "@fluxlab/sim";
import { DAY, fluxNumber, YEAR } from "../format.ts";

/** Satoshi a year for `paid` satoshi in `seconds`, rounded down; a year has 365 days. Undefined for no time. */
export function perYear(paid: bigint, seconds: number): bigint | undefined {
  const whole = BigInt(Math.round(seconds));
  return whole === 0n ? undefined : (paid * BigInt(YEAR)) / whole;
}

/**
 * Satoshi that a node of the tier earned per year of being confirmed, averaged over the run and its nodes; undefined if
 * none was confirmed.
 */
export const payoutPerNodeYear = ({ paid, confirmedSeconds }: TierTotals): bigint | undefined =>
  perYear(paid, confirmedSeconds);

/** FLUX a day that the whole tier was paid between each sample and the next: one value less than there are samples. */
export function dailyPayouts({ seconds, tiers }: Samples, tier: Tier): Float64Array {
  const { paid } = tiers[tier];
  return Float64Array.from({ length: paid.length - 1 }, (_, i) => {
    const days = (seconds[i + 1]! - seconds[i]!) / DAY;
    return fluxNumber(paid[i + 1]! - paid[i]!) / days;
  });
}

/**
 * Satoshi per node and year that the tier was paid from sample `first` to sample `last`: what it was paid, over the area
 * under its queue length. Undefined if nobody queued, or for fewer than two samples.
 */
export function payoutRateBetween(
  { seconds, tiers }: Samples,
  tier: Tier,
  first: number,
  last: number,
): bigint | undefined {
  const { paid, queue } = tiers[tier];
  let nodeSeconds = 0;
  for (let i = first + 1; i <= last; i++) {
    nodeSeconds += ((queue[i - 1]! + queue[i]!) / 2) * (seconds[i]! - seconds[i - 1]!);
  }
  return last > first ? perYear(paid[last]! - paid[first]!, nodeSeconds) : undefined;
}

/** A stretch of the run: what the tier's nodes that were confirmed all through it got, scaled to satoshi a year. */
export interface YearlySpread {
  /** Middle of the stretch, seconds since the first block. */
  readonly seconds: number;
  readonly firstHeight: number;
  readonly lastHeight: number;
  readonly nodes: number;
  readonly low: bigint;
  readonly median: bigint;
  readonly mean: bigint;
  readonly high: bigint;
}

/** The stretches in which the tier had nodes, in order. */
export function yearlySpread(record: RunRecord, tier: Tier): YearlySpread[] {
  const { firstHeight, lastHeight, seconds, tiers } = record.spread;
  const columns = tiers[tier];
  const stretches: YearlySpread[] = [];
  let start = record.samples.seconds[0] ?? 0;
  for (let i = 0; i < seconds.length; i++) {
    const length = seconds[i]!;
    const middle = start + length / 2;
    start += length;
    if (columns.nodes[i] === 0 || length === 0) continue;
    const yearly = (column: keyof Omit<PayoutSpread["tiers"]["cumulus"], "nodes">) =>
      perYear(columns[column][i]!, length)!;
    stretches.push({
      seconds: middle,
      firstHeight: firstHeight[i]!,
      lastHeight: lastHeight[i]!,
      nodes: columns.nodes[i]!,
      low: yearly("low"),
      median: yearly("median"),
      mean: yearly("mean"),
      high: yearly("high"),
    });
  }
  return stretches;
}

/** Satoshi per confirmed year of single nodes: nearest-rank percentiles. */
export interface NodeYears {
  readonly nodes: number;
  readonly low: bigint;
  readonly median: bigint;
  readonly high: bigint;
}

/**
 * The 5th, 50th and 95th percentile, over the tier's nodes, of the satoshi each earned per year of being confirmed. Only nodes
 * confirmed for `leastSeconds` or longer count: a few days scaled to a year say little. Undefined if there is none.
 */
export function nodeYears(nodes: NodeTable, tier: number, leastSeconds: number): NodeYears | undefined {
  const yearly: bigint[] = [];
  for (let row = 0; row < nodes.tier.length; row++) {
    const confirmed = nodes.confirmedSeconds[row]!;
    if (nodes.tier[row] !== tier || confirmed < leastSeconds) continue;
    const rate = perYear(nodes.earned[row]!, confirmed);
    if (rate !== undefined) yearly.push(rate);
  }
  if (yearly.length === 0) return undefined;
  const ascending = BigUint64Array.from(yearly).sort();
  const at = (share: number) => ascending[Math.max(Math.ceil((ascending.length * share) / 100), 1) - 1]!;
  return { nodes: yearly.length, low: at(5), median: at(50), high: at(95) };
}
