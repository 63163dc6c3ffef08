import { element, type Markup } from "../markup.ts";
import { boldWidth, FONT_SIZE, group, label } from "./frame.ts";
import { spreadLabels } from "./markLayout.ts";
import { linePath, type Point, steps } from "./paths.ts";
import { type TimeChart, timeChart } from "./timeChart.ts";

/** One line: its values at the clock's samples, or after each sample but the first (`stepped`: each holds since the one before). */
export interface Line {
  readonly name: string;
  /** Style class: colour and dash. */
  readonly className: string;
  readonly values: ArrayLike<number | undefined>;
  readonly stepped?: boolean;
}

/** Room for the names of the lines, which stand at their ends. */
export const lineRoom = (lines: readonly Line[]): number =>
  Math.max(0, ...lines.map(({ name }) => boldWidth(name) + 10));

/** Lines with their names at the right end. */
export function lineChart(options: TimeChart, lines: readonly Line[]): Markup {
  const { seconds } = options.clock.samples;
  return timeChart(options, (x, y, plot) => {
    const drawn = lines.map((line) => {
      const offset = seconds.length - line.values.length;
      const points = Array.from(line.values).flatMap((value, i): Point[] =>
        value === undefined ? [] : [[x(seconds[i + offset]!), y(value)]],
      );
      const begin = x(seconds[Math.max(seconds.length - points.length - 1, 0)]!);
      return { line, points: line.stepped ? steps(begin, points) : points };
    });
    const ends = spreadLabels(
      drawn.map(({ points }) => points.at(-1)?.[1] ?? plot.bottom),
      FONT_SIZE + 3,
      plot.bottom,
    );
    return drawn.map(({ line, points }, i) =>
      group(
        { class: line.className },
        element("path", { class: "line", d: linePath(points) }),
        label(plot.right + 8, ends[i]! + 4, line.name, { class: "name" }),
      ),
    );
  });
}
