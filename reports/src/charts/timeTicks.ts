import type { Samples } from "@fluxlab/sim";
import { ticks } from "d3-array";
import { scaleUtc } from "d3-scale";
import { DAY, grouped, YEAR } from "../format.ts";
import { unixMilliseconds } from "../metrics/timeline.ts";

/** How far a run has come at each height, and on which day it starts. */
export interface Clock {
  readonly samples: Pick<Samples, "height" | "seconds">;
  readonly startDate: string | undefined;
}

/** A round moment. */
export interface TimeTick {
  /** Since the first block. */
  readonly seconds: number;
  readonly text: string;
}

/** At most `most` (2 or more) round moments: calendar ones if the run has a date, else round amounts of elapsed time. */
export function timeTicks({ startDate }: Clock, domain: readonly [number, number], most: number): TimeTick[] {
  return startDate === undefined ? elapsedTicks(domain, most) : calendarTicks(startDate, domain, most);
}

/**
 * The most round values that fit. `candidates(n)` gives about n of them; where it jumps from too many to fewer than two, every
 * other, third... of the many is taken.
 */
function atMost<T>(most: number, candidates: (count: number) => T[]): T[] {
  let tooMany: T[] = [];
  for (let count = most * 4; count >= 1; count--) {
    const found = candidates(count);
    if (found.length > most) tooMany = found;
    else if (found.length >= 2) return found;
  }
  const step = Math.ceil(tooMany.length / most);
  return tooMany.filter((_, i) => i % step === 0);
}

const ELAPSED_UNITS = [
  [3 * YEAR, YEAR, "year"],
  [3 * DAY, DAY, "day"],
  [10_800, 3_600, "hour"],
  [180, 60, "minute"],
  [0, 1, "second"],
] as const;

function elapsedTicks([from, to]: readonly [number, number], most: number): TimeTick[] {
  const [, unit, name] = ELAPSED_UNITS.find(([least]) => to - from >= least)!;
  return atMost(most, (count) => ticks(from / unit, to / unit, count)).map((count) => ({
    seconds: count * unit,
    text: `${name} ${grouped(count)}`,
  }));
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function calendarTicks(startDate: string, domain: readonly [number, number], most: number): TimeTick[] {
  const begin = unixMilliseconds(startDate, 0);
  const scale = scaleUtc(
    domain.map((seconds) => new Date(begin + seconds * 1_000)),
    [0, 1],
  );
  const moments = atMost(most, (count) => scale.ticks(count));
  const finest = Math.min(...moments.slice(1).map((moment, i) => moment.getTime() - moments[i]!.getTime()));
  return moments.map((moment) => ({
    seconds: (moment.getTime() - begin) / 1_000,
    text: calendarText(moment, finest / 1_000),
  }));
}

/** As much of the date as ticks that far apart need. */
function calendarText(moment: Date, stepSeconds: number): string {
  const day = `${moment.getUTCDate()} ${MONTHS[moment.getUTCMonth()]}`;
  if (stepSeconds >= 360 * DAY) return String(moment.getUTCFullYear());
  if (stepSeconds >= 27 * DAY) return `${MONTHS[moment.getUTCMonth()]} ${moment.getUTCFullYear()}`;
  return stepSeconds >= DAY ? day : `${day} ${moment.toISOString().slice(11, 16)}`;
}
