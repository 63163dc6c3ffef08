import type { Content } from "../markup.ts";
import type { Milestone } from "../metrics/milestones.ts";
import { secondsAtHeight } from "../metrics/timeline.ts";
import type { Scale } from "./axes.ts";
import { group, label, type Plot, rule, textWidth } from "./frame.ts";
import { FLAG_GAP, placeFlags } from "./markLayout.ts";
import type { Clock } from "./timeTicks.ts";

const ROW_HEIGHT = 16;

/** Marks that know their room: how many pixels their labels need above the plot, and how to draw them there. */
export interface MarkRows {
  readonly height: number;
  readonly draw: (plot: Plot) => Content;
}

/** Vertical lines at the milestones, labels in rows above the plot. Lines that repeat an earlier one have no label. */
export function markRows(marks: readonly Milestone[], clock: Clock, x: Scale, right: number): MarkRows {
  const at = (height: number) => x(secondsAtHeight(clock.samples, height));
  const flags = marks.map((mark) => ({ x: at(mark.height), width: textWidth(mark.label) }));
  const places = placeFlags(flags, 0, right);
  const rows = places.reduce((count, { row }) => Math.max(count, row + 1), 0);
  const height = rows * ROW_HEIGHT;
  // All lines, then all labels: where a line must pass behind a label, the label's halo breaks it.
  const draw = (plot: Plot): Content => {
    const top = (i: number) => plot.top - height + places[i]!.row * ROW_HEIGHT;
    return [
      marks.map((mark, i) =>
        group(
          { class: className(mark) },
          mark.repeats.map((repeat) => rule("repeat", at(repeat), plot.top, at(repeat), plot.bottom)),
          rule(undefined, flags[i]!.x, top(i) + 2, flags[i]!.x, plot.bottom),
        ),
      ),
      marks.map((mark, i) => {
        const { flipped } = places[i]!;
        const x = flags[i]!.x + (flipped ? -FLAG_GAP : FLAG_GAP);
        const anchor = { "text-anchor": flipped ? "end" : "start" };
        return group({ class: className(mark) }, label(x, top(i) + 12, mark.label, anchor));
      }),
    ];
  };
  return { height, draw };
}

const className = ({ alarm }: Milestone): string => (alarm ? "mark alarm" : "mark");
