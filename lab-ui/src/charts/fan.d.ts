/** Shares of all runs that a fan's bands hold, the widest first. */
export declare const FAN_SHARES: readonly [0.95, 0.8, 0.5];
/** The middle of many paths and, for each of {@link FAN_SHARES}, the edges of the band that holds so many of them. */
export interface Fan {
  readonly x: readonly number[];
  readonly median: readonly number[];
  readonly bands: readonly {
    readonly share: number;
    readonly low: number[];
    readonly high: number[];
  }[];
}
/** A fan of paths over the same moments; there must be one. */
export declare function fan(x: ArrayLike<number>, paths: readonly ArrayLike<number>[]): Fan;
