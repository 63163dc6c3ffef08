import { scaleLinear } from "d3-scale";
import { compact } from "../format.ts";
import { element, type Markup } from "../markup.ts";
import type { MedianBand } from "../metrics/medianBand.ts";
import { valueAxis } from "./axes.ts";
import { boldWidth, type ChartText, chart, FONT_SIZE, group, label, rule, textWidth } from "./frame.ts";
import { spreadLabels } from "./markLayout.ts";
import { bandPath, linePath, type Point } from "./paths.ts";

/** A line over the values of a parameter. */
export interface SweepLine {
  readonly name: string;
  /** At each value; undefined where no run had the figure. */
  readonly bands: readonly (MedianBand | undefined)[];
}

const PLOT_HEIGHT = 220;
const TOP = 12;

/** Style classes, so that up to four lines differ in colour and dash. */
const CLASSES = ["cumulus", "nimbus", "stratus", "other"];

/** Medians, and bands of confidence where there are runs enough, over values that stand side by side as they were given. */
export function sweepChart(
  text: ChartText,
  width: number,
  values: readonly string[],
  lines: readonly SweepLine[],
): Markup {
  const all = lines.flatMap(({ bands }) => bands.flatMap((band) => (band === undefined ? [] : [band])));
  const most = Math.max(...all.map(({ median, high }) => high ?? median));
  const least = Math.min(0, ...all.map(({ median, low }) => low ?? median));
  const y = scaleLinear([least, most > least ? most : least + 1], [TOP + PLOT_HEIGHT, TOP]).nice(5);
  const widestTick = Math.max(...y.ticks(5).map((value) => textWidth(compact(value))));
  const plot = {
    left: Math.ceil(widestTick) + 10,
    right: width - Math.max(...lines.map(({ name }) => boldWidth(name) + 10), 16),
    top: TOP,
    bottom: TOP + PLOT_HEIGHT,
  };
  const inset = Math.min((plot.right - plot.left) / (2 * values.length), 40);
  const x = scaleLinear([0, Math.max(values.length - 1, 1)], [plot.left + inset, plot.right - inset]);
  const drawn = lines.map(({ name, bands }) => ({
    name,
    points: pointsOf(bands, ({ median }) => median),
    low: pointsOf(bands, ({ low }) => low),
    high: pointsOf(bands, ({ high }) => high),
  }));
  function pointsOf(bands: SweepLine["bands"], value: (band: MedianBand) => number | undefined): Point[] {
    return bands.flatMap((band, i): Point[] => {
      const found = band === undefined ? undefined : value(band);
      return found === undefined ? [] : [[x(i), y(found)]];
    });
  }
  const ends = spreadLabels(
    drawn.map(({ points }) => points.at(-1)?.[1] ?? plot.bottom),
    FONT_SIZE + 3,
    plot.bottom,
  );
  return chart(
    text,
    width,
    plot.bottom + 30,
    valueAxis(y, plot, compact, ""),
    group(
      { class: "axis" },
      rule("base", plot.left, plot.bottom, plot.right, plot.bottom),
      values.map((value, i) => label(x(i), plot.bottom + 19, value, { "text-anchor": "middle" })),
    ),
    drawn.map(({ name, points, low, high }, i) =>
      group(
        { class: CLASSES[i % CLASSES.length]! },
        low.length > 1 ? element("path", { class: "band", d: bandPath(high, low) }) : undefined,
        element("path", { class: "line", d: linePath(points) }),
        points.map(([cx, cy]) => element("circle", { class: "dot", cx, cy, r: 3 })),
        name === "" ? undefined : label(plot.right + 8, ends[i]! + 4, name, { class: "name" }),
      ),
    ),
  );
}
