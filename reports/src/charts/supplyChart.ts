import { element, type Markup } from "../markup.ts";
import { boldWidth, FONT_SIZE, group, label, rule } from "./frame.ts";
import { spreadLabels } from "./markLayout.ts";
import { bandPath, linePath, type Point } from "./paths.ts";
import { type TimeChart, timeChart } from "./timeChart.ts";

/** The supply, FLUX at the clock's samples, under (or over) its cap. */
export interface SupplyLine {
  readonly supply: readonly number[];
  readonly cap: number;
  readonly capName: string;
  readonly endName: string;
  /** The block that passed the cap. */
  readonly passedAtSeconds: number | undefined;
}

export const supplyRoom = ({ capName, endName }: SupplyLine): number =>
  Math.max(boldWidth(capName), boldWidth(endName)) + 10;

/** Supply as a line, the cap as a line across, the room between them shaded; where it is passed, a ring. */
export function supplyChart(
  options: TimeChart,
  { supply, cap, capName, endName, passedAtSeconds }: SupplyLine,
): Markup {
  const { seconds } = options.clock.samples;
  return timeChart(options, (x, y, plot) => {
    const points = supply.map((amount, i): Point => [x(seconds[i]!), y(amount)]);
    const level = y(cap);
    const clipped = (at: (pixel: number) => number) => points.map(([px, py]): Point => [px, at(py)]);
    const flat: Point[] = [
      [plot.left, level],
      [plot.right, level],
    ];
    const room = clipped((pixel) => Math.max(pixel, level));
    const excess = clipped((pixel) => Math.min(pixel, level));
    const [capLabel, endLabel] = spreadLabels([level, points.at(-1)![1]], FONT_SIZE + 3, plot.bottom);
    return [
      element("path", { class: "headroom", d: bandPath(flat, room) }),
      element("path", { class: "excess", d: bandPath(excess, flat) }),
      group(
        { class: "cap" },
        rule("line", plot.left, level, plot.right, level),
        label(plot.right + 8, capLabel! + 4, capName, { class: "name" }),
      ),
      group(
        { class: "supply" },
        element("path", { class: "line", d: linePath(points) }),
        label(plot.right + 8, endLabel! + 4, endName, { class: "name" }),
      ),
      passedAtSeconds === undefined
        ? undefined
        : element("circle", { class: "passed", cx: x(passedAtSeconds), cy: level, r: 5 }),
    ];
  });
}
