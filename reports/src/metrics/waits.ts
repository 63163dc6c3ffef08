/** A tier's waits as a run records them: [seconds, number of waits of that length], shortest first. */
export type Waits = readonly (readonly [seconds: number, count: number])[];

/** What a tier's waits look like, seconds. */
export interface WaitSummary {
  readonly count: number;
  readonly shortest: number;
  readonly p5: number;
  readonly median: number;
  readonly mean: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
}

/** The figures of the exact histogram; undefined if no wait ended in the run. */
export function waitSummary(waits: Waits): WaitSummary | undefined {
  const count = waitCount(waits);
  if (count === 0) return undefined;
  const total = waits.reduce((sum, [seconds, times]) => sum + seconds * times, 0);
  return {
    count,
    shortest: waits[0]![0],
    p5: waitPercentile(waits, 5),
    median: waitPercentile(waits, 50),
    mean: total / count,
    p95: waitPercentile(waits, 95),
    p99: waitPercentile(waits, 99),
    longest: waits.at(-1)![0],
  };
}

/**
 * Nearest-rank percentile in seconds: the shortest wait with at least `percent` % of all waits as short or shorter. Exact,
 * because the histogram keeps every length. There must be a wait.
 */
export function waitPercentile(waits: Waits, percent: number): number {
  const rank = Math.max(Math.ceil((waitCount(waits) * percent) / 100), 1);
  let seen = 0;
  const found = waits.find(([, count]) => {
    seen += count;
    return seen >= rank;
  });
  return found![0];
}

const waitCount = (waits: Waits): number => waits.reduce((sum, [, count]) => sum + count, 0);

/** A bar of a histogram: waits of at least `from` and less than `to` seconds. */
export interface WaitBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * At most `most` bars of equal width that hold every wait. The width is a whole multiple of the smallest distance between
 * two lengths, so that no bar collects more possible lengths than its neighbour. A single length gives a single bar.
 */
export function waitBins(waits: Waits, most: number): WaitBin[] {
  const shortest = waits[0]?.[0] ?? 0;
  const span = (waits.at(-1)?.[0] ?? 0) - shortest;
  const unit = smallestGap(waits);
  const width = unit * Math.ceil((span / unit + 1) / most);
  const bars = waits.length === 0 ? 0 : Math.floor(span / width) + 1;
  const counts = new Float64Array(bars);
  for (const [seconds, count] of waits) counts[Math.floor((seconds - shortest) / width)]! += count;
  return Array.from(counts, (count, i) => ({
    from: shortest + i * width,
    to: shortest + (i + 1) * width,
    count,
  }));
}

function smallestGap(waits: Waits): number {
  let gap = Number.POSITIVE_INFINITY;
  for (let i = 1; i < waits.length; i++) gap = Math.min(gap, waits[i]![0] - waits[i - 1]![0]);
  return gap === Number.POSITIVE_INFINITY ? 1 : gap;
}
