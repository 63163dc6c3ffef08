import { element, type Markup } from "../markup.ts";
import { group } from "./frame.ts";
import { bandPath, linePath, type Point } from "./paths.ts";
import { type TimeChart, timeChart } from "./timeChart.ts";

/** A line within a band, at the same moments. */
export interface Band {
  readonly className: string;
  /** Since the first block. */
  readonly seconds: readonly number[];
  readonly low: readonly number[];
  readonly middle: readonly number[];
  readonly high: readonly number[];
}

/** A panel of small multiples: the band, and the line in it. */
export function bandChart(options: TimeChart, { className, seconds, low, middle, high }: Band): Markup {
  return timeChart(options, (x, y) => {
    const points = (values: readonly number[]) => values.map((value, i): Point => [x(seconds[i]!), y(value)]);
    return group(
      { class: className },
      element("path", { class: "band", d: bandPath(points(high), points(low)) }),
      element("path", { class: "line", d: linePath(points(middle)) }),
    );
  });
}
