import type { ScaleLinear } from "d3-scale";
import { grouped } from "../format.ts";
import { type Content, element, type Markup } from "../markup.ts";
import { heightAtSeconds } from "../metrics/timeline.ts";
import { group, label, type Plot, rule } from "./frame.ts";
import { type Clock, timeTicks } from "./timeTicks.ts";

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

/** Pixels that a date and a height take, with air. */
const TICK_ROOM = 84;

/** A base line with days (or elapsed time) and, below them, the heights of those moments. */
export function timeAxis(scale: Scale, plot: Plot, clock: Clock): Markup {
  const most = Math.max(Math.floor((plot.right - plot.left) / TICK_ROOM), 2);
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
