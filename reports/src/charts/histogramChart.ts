import { max } from "d3-array";
import { scaleLinear } from "d3-scale";
import { element, type Markup } from "../markup.ts";
import type { WaitBin } from "../metrics/waits.ts";
import { plainAxis } from "./axes.ts";
import { type ChartText, chart, group, label, rule, textWidth } from "./frame.ts";
import { FLAG_GAP, placeFlags } from "./markLayout.ts";

/** A line across the histogram at `seconds`, with its name. */
interface HistogramMark {
  readonly seconds: number;
  readonly name: string;
}

export interface Histogram {
  readonly text: ChartText;
  readonly className: string;
  readonly bins: readonly WaitBin[];
  readonly marks: readonly HistogramMark[];
  /** In what the axis counts. */
  readonly unitSeconds: number;
  readonly unit: string;
}

const WIDTH = 300;
const PLOT_HEIGHT = 130;
const ROW_HEIGHT = 16;

/** Width of a bar that is alone: its own would be far less than a pixel in a domain widened for it. */
const SINGLE_BAR = 12;

/** A panel of small multiples: bars, marks above them, waits below. A single bar stands in the middle. */
export function histogramChart({ text, className, bins, marks, unitSeconds, unit }: Histogram): Markup {
  const [first, last] = [bins[0]!, bins.at(-1)!];
  const margin = bins.length === 1 ? Math.max(first.from * 0.05, first.to - first.from) : 0;
  const domain = [first.from - margin, last.to + margin].map((seconds) => seconds / unitSeconds);
  const x = scaleLinear(domain, [6, WIDTH - 6]);
  const at = (seconds: number) => x(seconds / unitSeconds);
  const flags = marks.map(({ seconds, name }) => ({ x: at(seconds), width: textWidth(name) }));
  const places = placeFlags(flags, 0, WIDTH);
  const top = 8 + ROW_HEIGHT * Math.max(...places.map(({ row }) => row + 1));
  const plot = { left: 0, right: WIDTH, top, bottom: top + PLOT_HEIGHT };
  const y = scaleLinear([0, max(bins, ({ count }) => count)!], [plot.bottom, plot.top + 4]);
  const gap = Math.min(1, (at(first.to) - at(first.from)) * 0.2);
  return chart(
    text,
    WIDTH,
    plot.bottom + 42,
    group(
      { class: className },
      bins.map(({ from, to, count }) => {
        const width = Math.max(at(to) - at(from) - gap, bins.length === 1 ? SINGLE_BAR : 1);
        return count === 0
          ? undefined
          : element("rect", {
              class: "bar",
              x: at(from),
              y: y(count),
              width,
              height: plot.bottom - y(count),
            });
      }),
    ),
    group(
      { class: "mark" },
      marks.map(({ name }, i) => {
        const { row, flipped } = places[i]!;
        const left = flags[i]!.x;
        const top = row * ROW_HEIGHT;
        return [
          rule(undefined, left, top + 2, left, plot.bottom),
          label(left + (flipped ? -FLAG_GAP : FLAG_GAP), top + 12, name, {
            "text-anchor": flipped ? "end" : "start",
          }),
        ];
      }),
    ),
    plainAxis(x, plot, unit),
  );
}
