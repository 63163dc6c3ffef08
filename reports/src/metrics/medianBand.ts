/** A median and how well the sample knows it. */
export interface MedianBand {
  readonly runs: number;
  readonly median: number;
  /** The population's median lies between these with at least 95 %; undefined: too few runs to say. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly least: number;
  readonly most: number;
}

const CONFIDENCE = 0.95;

/**
 * The median of a sample, and the interval between two of its values that holds the population's, whatever the distribution:
 * the number of values below the median is binomial with a half. Needs six values for 95 %. Undefined for an empty sample.
 * Source: W. J. Conover, Practical Nonparametric Statistics, section 3.2.
 */
export function medianBand(values: readonly number[]): MedianBand | undefined {
  if (values.length === 0) return undefined;
  const rising = values.toSorted((a, b) => a - b);
  const n = rising.length;
  const median = (rising[Math.floor((n - 1) / 2)]! + rising[Math.floor(n / 2)]!) / 2;
  const cut = valuesToCut(n);
  const band = cut === undefined ? undefined : ([rising[cut]!, rising[n - 1 - cut]!] as const);
  return { runs: n, median, low: band?.[0], high: band?.[1], least: rising[0]!, most: rising.at(-1)! };
}

/** How many values may be left out at each end; undefined if even all of them are not enough. */
function valuesToCut(n: number): number | undefined {
  // P(X <= k) for X binomial(n, 1/2), k rising; the tail at either side may have half of what is not covered.
  let term = 0.5 ** n;
  let below = term;
  let cut: number | undefined;
  for (let k = 0; 2 * below <= 1 - CONFIDENCE; k++) {
    cut = k;
    term = (term * (n - k)) / (k + 1);
    below += term;
  }
  return cut;
}
