import { quantileSorted } from "d3-array";

/** Shares of all runs that a fan's bands hold, the widest first. */
const FAN_SHARES = [0.95, 0.8, 0.5] as const;

/** The middle of many paths and, for each of {@link FAN_SHARES}, the edges of the band that holds so many of them. */
export interface Fan {
  readonly x: readonly number[];
  readonly median: readonly number[];
  readonly bands: readonly { readonly share: number; readonly low: number[]; readonly high: number[] }[];
}

/** A fan of paths over the same moments; there must be one. */
export function fan(x: ArrayLike<number>, paths: readonly ArrayLike<number>[]): Fan {
  const columns = Array.from(x, (_, i) =>
    Array.from(Float64Array.from(paths.map((path) => path[i]!).filter(Number.isFinite)).sort()),
  );
  const at = (share: number) => columns.map((column) => quantileSorted(column, share) ?? Number.NaN);
  return {
    x: Array.from(x),
    median: at(0.5),
    bands: FAN_SHARES.map((share) => ({ share, low: at((1 - share) / 2), high: at((1 + share) / 2) })),
  };
}
