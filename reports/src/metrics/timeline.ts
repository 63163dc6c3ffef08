import type { Samples } from "@fluxlab/sim";
import { bisectRight } from "d3-array";
import { DAY, duration, grouped } from "../format.ts";

// From heights to seconds to calendar days. Blocks come at their target spacing, so between two samples time runs evenly,
// except in the one step in which the spacing changes.

/** Which height was reached when; both rise. */
type Moments = Pick<Samples, "height" | "seconds">;

/** Seconds from the first block to `height`; heights outside the run are taken as its ends. */
export const secondsAtHeight = ({ height, seconds }: Moments, at: number): number =>
  interpolate(height, seconds, at);

/** Height of the block that comes `at` seconds after the first, rounded down. */
export const heightAtSeconds = ({ height, seconds }: Moments, at: number): number =>
  Math.floor(interpolate(seconds, height, at) + 1e-6);

/** The value of the piecewise linear function through the points (from[i], to[i]); `from` ascends. */
function interpolate(from: Float64Array, to: Float64Array, at: number): number {
  const last = from.length - 1;
  const right = Math.min(Math.max(bisectRight(from, at), 1), last);
  const left = right - 1;
  if (last === 0 || at <= from[left]!) return to[Math.max(left, 0)]!;
  if (at >= from[right]!) return to[right]!;
  const part = (at - from[left]!) / (from[right]! - from[left]!);
  return to[left]! + part * (to[right]! - to[left]!);
}

/** Milliseconds since 1970, UTC, of a moment of the run whose first block comes at the start of `startDate`. */
export const unixMilliseconds = (startDate: string, seconds: number): number =>
  Date.parse(`${startDate}T00:00:00Z`) + seconds * 1_000;

/** Calendar day (UTC), "2023-02-08", that many seconds after the start of `startDate`. */
export const dateAfter = (startDate: string, seconds: number): string =>
  new Date(unixMilliseconds(startDate, seconds)).toISOString().slice(0, 10);

/** "2023-02-08" if the run has a calendar, else "day 299" or "7.5 hours in". */
export function momentOf(startDate: string | undefined, seconds: number): string {
  if (startDate !== undefined) return dateAfter(startDate, seconds);
  return seconds < 2 * DAY ? `${duration(seconds)} in` : `day ${grouped(Math.floor(seconds / DAY))}`;
}
