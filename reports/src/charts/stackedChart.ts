import { element, type Markup } from "../markup.ts";
import { FONT_SIZE, group, label } from "./frame.ts";
import type { Line } from "./lineChart.ts";
import { spreadLabels } from "./markLayout.ts";
import { bandPath, type Point, steps } from "./paths.ts";
import { type TimeChart, timeChart } from "./timeChart.ts";

/** The lines as layers, the first at the bottom; values hold since the sample before. */
export function stackedChart(options: TimeChart, layers: readonly Line[]): Markup {
  const { seconds } = options.clock.samples;
  return timeChart(options, (x, y, plot) => {
    const below = new Float64Array(seconds.length - 1);
    const stairs = (heights: Float64Array): Point[] =>
      steps(
        x(seconds[0]!),
        Array.from(heights, (height, i): Point => [x(seconds[i + 1]!), y(height)]),
      );
    const drawn = layers.map((layer) => {
      const lower = stairs(below);
      for (let i = 0; i < below.length; i++) below[i]! += layer.values[i] ?? 0;
      const upper = stairs(below);
      const middle = ((lower.at(-1)?.[1] ?? 0) + (upper.at(-1)?.[1] ?? 0)) / 2;
      return { layer, path: bandPath(upper, lower), middle };
    });
    const names = spreadLabels(
      drawn.map(({ middle }) => middle),
      FONT_SIZE + 3,
      plot.bottom,
    );
    return drawn.map(({ layer, path }, i) =>
      group(
        { class: layer.className },
        element("path", { class: "layer", d: path }),
        label(plot.right + 8, names[i]! + 4, layer.name, { class: "name" }),
      ),
    );
  });
}
