import { percent } from "@fluxlab/reports/metrics";
import { scaleLinear } from "d3-scale";
import { text } from "../../text/en.ts";
import type { Fan } from "../fan.ts";
import type { TimeChart } from "../timeChart.ts";
import { tick, withUnit } from "./common.ts";
import { type Figure, figureName } from "./figures.ts";

/** Single seeds that are drawn behind the fan. */
const PATHS = 4;

/** Of the height of the axis that a fan has to take, for it to begin at zero. */
const LEAST_SPREAD = 0.3;
/** Room below a fan, in its own height. */
const ROOM = 0.1;

/** Where an axis from zero would show a line instead of a fan, it begins close below. */
function floorOf({ bands }: Fan): number | undefined {
  const [widest] = bands;
  if (widest === undefined) return undefined;
  const low = Math.min(...widest.low.filter(Number.isFinite));
  const high = Math.max(...widest.high.filter(Number.isFinite));
  if (!(high > low) || high - low >= high * LEAST_SPREAD) return undefined;
  const [floor] = scaleLinear([Math.max(low - (high - low) * ROOM, 0), high], [0, 1])
    .nice()
    .domain();
  return floor;
}

/** A fan of seeds as a chart, with a few of its paths. */
export function fanChart(fan: Fan, paths: readonly ArrayLike<number>[], figure: Figure): TimeChart {
  const color = "var(--accent)";
  const { x } = fan;
  const floor = floorOf(fan);
  return {
    id: `fan-${figure}`,
    title: figureName(figure),
    note: floor === undefined ? text.monteCarlo.common : text.monteCarlo.from(tick(floor)),
    ...(floor === undefined ? {} : { floor }),
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
