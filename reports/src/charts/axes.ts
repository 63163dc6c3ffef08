import type { Samples } from "@fluxlab/sim";
import { ticks } from "d3-array";
import { type ScaleLinear, scaleUtc } from "d3-scale";
import { DAY, grouped, YEAR } from "../format.ts";
import { type Content, element, type Markup } from "../markup.ts";
import { heightAtSeconds, unixMilliseconds } from "../metrics/timeline.ts";
import { group, label, type Plot, rule } from "./frame.ts";

export type Scale = ScaleLinear<number, number>;

/** Horizontal grid lines with their values at the left; `unit` stands at the top of the drawing. */
export function valueAxis(scale: Scale, plot: Plot, format: (value: number) => string, unit: string): Markup {
  const count = Math.max(Math.round((plot.bottom - plot.top) / 48), 2);
  return group(
    { class: "axis" },
    scale
      .ticks(count)
      .map((value) => [
        rule("grid", plot.left, scale(value), plot.right, scale(value)),
        label(plot.left - 8, scale(value) + 4, format(value), { "text-anchor": "end" }),
      ]),
    label(0, 12, unit, { class: "unit" }),
  );
}

/** Where a run's time starts, what it is called, and how far it has come at each height. */
export interface Clock {
  readonly samples: Samples;
  readonly startDate: string | undefined;
}

/** A base line with days (or elapsed time) and, below them, the heights of those moments. */
export function timeAxis(scale: Scale, plot: Plot, clock: Clock): Markup {
  const most = Math.max(Math.floor((plot.right - plot.left) / 92), 2);
  return group(
    { class: "axis" },
    rule("base", plot.left, plot.bottom, plot.right, plot.bottom),
    timeTicks(clock, scale.domain() as [number, number], most).map(({ seconds, text }) => {
      const x = scale(seconds);
      const anchor = anchorWithin(x, plot);
      const height = grouped(heightAtSeconds(clock.samples, seconds));
      return [
        rule("tick", x, plot.bottom, x, plot.bottom + 5),
        label(x, plot.bottom + 19, text, { "text-anchor": anchor }),
        label(x, plot.bottom + 34, height, { "text-anchor": anchor, class: "faint" }),
      ];
    }),
  );
}

/** A base line with values, for histograms: no grid, no second line. */
export function plainAxis(scale: Scale, plot: Plot, unit: string): Markup {
  const format = scale.tickFormat(3);
  return group(
    { class: "axis" },
    rule("base", plot.left, plot.bottom, plot.right, plot.bottom),
    scale.ticks(3).map((value): Content => {
      const x = scale(value);
      return [
        rule("tick", x, plot.bottom, x, plot.bottom + 5),
        label(x, plot.bottom + 19, format(value), { "text-anchor": anchorWithin(x, plot) }),
      ];
    }),
    element("text", { x: plot.right, y: plot.bottom + 34, "text-anchor": "end", class: "faint" }, unit),
  );
}

/** Labels near an end of the axis lean inwards, so that none is cut off. */
function anchorWithin(x: number, { left, right }: Plot): string {
  if (x - left < 24) return "start";
  return right - x < 24 ? "end" : "middle";
}

interface TimeTick {
  /** Since the first block. */
  readonly seconds: number;
  readonly text: string;
}

/** About `most` round moments: calendar ones if the run has a date, else round amounts of elapsed time. */
export function timeTicks(clock: Clock, domain: readonly [number, number], most: number): TimeTick[] {
  return clock.startDate === undefined
    ? elapsedTicks(domain, most)
    : calendarTicks(clock.startDate, domain, most);
}

const ELAPSED_UNITS = [
  [3 * YEAR, YEAR, "year"],
  [3 * DAY, DAY, "day"],
  [10_800, 3_600, "hour"],
  [0, 60, "minute"],
] as const;

function elapsedTicks([from, to]: readonly [number, number], most: number): TimeTick[] {
  const [, unit, name] = ELAPSED_UNITS.find(([least]) => to - from >= least)!;
  return ticks(from / unit, to / unit, most).map((count) => ({
    seconds: count * unit,
    text: `${name} ${grouped(count)}`,
  }));
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function calendarTicks(startDate: string, domain: readonly [number, number], most: number): TimeTick[] {
  const [from, to] = domain.map((seconds) => unixMilliseconds(startDate, seconds)) as [number, number];
  const moments = scaleUtc([new Date(from), new Date(to)], [0, 1]).ticks(most);
  const step = (moments[1]?.getTime() ?? to) - (moments[0]?.getTime() ?? from);
  const stepSeconds = step / 1_000;
  return moments.map((moment) => ({
    seconds: (moment.getTime() - unixMilliseconds(startDate, 0)) / 1_000,
    text: calendarText(moment, stepSeconds),
  }));
}

/** As much of the date as ticks that far apart need. */
function calendarText(moment: Date, stepSeconds: number): string {
  const day = `${moment.getUTCDate()} ${MONTHS[moment.getUTCMonth()]}`;
  if (stepSeconds >= 360 * DAY) return String(moment.getUTCFullYear());
  if (stepSeconds >= 27 * DAY) return `${MONTHS[moment.getUTCMonth()]} ${moment.getUTCFullYear()}`;
  return stepSeconds >= DAY ? day : `${day} ${moment.toISOString().slice(11, 16)}`;
}
