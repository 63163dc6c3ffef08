/** Nearest-rank percentiles of an ascending column: the smallest value with at least `percent` % at or below it. */
export function percentile(ascending: BigUint64Array, percent: number): bigint {
  const rank = Math.max(Math.ceil((ascending.length * percent) / 100), 1);
  return ascending[rank - 1]!;
}
