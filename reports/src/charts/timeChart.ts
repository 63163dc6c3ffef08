import { scaleLinear } from "d3-scale";
import type { Content, Markup } from "../markup.ts";
import type { Milestone } from "../metrics/milestones.ts";
import { type Scale, timeAxis, valueAxis } from "./axes.ts";
import { type ChartText, chart, group, type Plot, textWidth } from "./frame.ts";
import { markRows } from "./marks.ts";
import type { Clock } from "./timeTicks.ts";

/** A chart over the run's time, but for what it draws. */
export interface TimeChart {
  readonly text: ChartText;
  readonly width: number;
  /** Of the plot itself; axes and marks come on top. */
  readonly plotHeight: number;
  readonly clock: Clock;
  readonly unit: string;
  readonly domain: readonly [number, number];
  readonly format: (value: number) => string;
  readonly marks: readonly Milestone[];
  /** Pixels kept free at the right for the names of lines. */
  readonly room: number;
}

/** Pixels above marks and plot for the name of the unit. */
const UNIT_ROOM = 26;

/** Axes and marks around what `draw` puts between them. The marks' lines lie below it, their labels above the plot. */
export function timeChart(
  { text, width, plotHeight, clock, unit, domain, format, marks, room }: TimeChart,
  draw: (x: Scale, y: Scale, plot: Plot) => Content,
): Markup {
  const seconds = clock.samples.seconds;
  const y = scaleLinear([domain[0], domain[1]], [plotHeight, 0]);
  const widestTick = Math.max(...y.ticks(6).map((value) => textWidth(format(value))));
  const left = Math.ceil(widestTick) + 10;
  const right = width - Math.max(room, 8);
  const x = scaleLinear([seconds[0]!, seconds.at(-1)!], [left, right]);
  const rows = markRows(marks, clock, x, width);
  const top = UNIT_ROOM + rows.height;
  const plot = { left, right, top, bottom: top + plotHeight };
  y.range([plot.bottom, plot.top]);
  return chart(
    text,
    width,
    plot.bottom + 42,
    valueAxis(y, plot, format, unit),
    group({ class: "marks" }, rows.draw(plot)),
    draw(x, y, plot),
    timeAxis(x, plot, clock),
  );
}
