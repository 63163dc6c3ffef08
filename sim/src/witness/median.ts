/** The middle of the values that there are; NaN: there are none. */
export function median(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = known.length / 2;
  if (known.length === 0) return Number.NaN;
  return (known[Math.ceil(middle) - 1]! + known[Math.floor(middle)]!) / 2;
}
