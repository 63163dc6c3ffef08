import { max, sum } from "d3-array";
import { scaleLinear } from "d3-scale";
import { element, type Markup } from "../markup.ts";
import { boldWidth, type ChartText, chart, group, label, textWidth } from "./frame.ts";

/** A bar: its parts from the left, the later ones lighter, and what is written after it. */
export interface Bar {
  readonly name: string;
  readonly className: string;
  readonly parts: readonly number[];
  readonly value: string;
}

const ROW_HEIGHT = 34;
const BAR_HEIGHT = 18;

/** Horizontal bars from zero, each with its name before and its value behind it. */
export function barChart(text: ChartText, width: number, bars: readonly Bar[]): Markup {
  const left = Math.max(...bars.map(({ name }) => textWidth(name))) + 12;
  const room = Math.max(...bars.map(({ value }) => boldWidth(value))) + 12;
  const longest = max(bars, ({ parts }) => sum(parts)) || 1;
  const x = scaleLinear([0, longest], [left, width - room]);
  return chart(
    text,
    width,
    bars.length * ROW_HEIGHT + 6,
    bars.map(({ name, className, parts, value }, i) => {
      const middle = i * ROW_HEIGHT + ROW_HEIGHT / 2 + 3;
      let start = 0;
      const drawn = parts.map((part, index) => {
        const from = x(start);
        start += part;
        return element("rect", {
          class: index === 0 ? "bar" : "bar extra",
          x: from,
          y: middle - BAR_HEIGHT / 2,
          width: Math.max(x(start) - from, 0),
          height: BAR_HEIGHT,
        });
      });
      return group(
        { class: className },
        label(left - 8, middle + 4, name, { "text-anchor": "end" }),
        drawn,
        label(x(start) + 8, middle + 4, value, { class: "value" }),
      );
    }),
  );
}
