import { percent } from "@fluxlab/reports/metrics";
import { text } from "../../text/en.ts";
import type { Fan } from "../fan.ts";
import type { TimeChart } from "../timeChart.ts";
import { tick, withUnit } from "./common.ts";
import { type Figure, figureName } from "./figures.ts";

/** Single seeds that are drawn behind the fan. */
const PATHS = 4;

/** A fan of seeds as a chart, with a few of its paths. */
export function fanChart(fan: Fan, paths: readonly ArrayLike<number>[], figure: Figure): TimeChart {
  const color = "var(--accent)";
  const { x } = fan;
  return {
    id: `fan-${figure}`,
    title: figureName(figure),
    note: text.monteCarlo.common,
    bands: fan.bands.map(({ share, low, high }, i) => ({
      name: text.charts.within(percent(share, 0)),
      color,
      opacity: 0.13 + 0.07 * i,
      x,
      low,
      high,
    })),
    lines: [
      { name: text.charts.median, color, x, y: fan.median },
      ...paths
        .slice(0, PATHS)
        .map((y, i) => ({ name: text.charts.path(i + 1), color: "var(--other)", dash: "1.5 3", x, y })),
    ],
    format: withUnit(""),
    tick,
  };
}
