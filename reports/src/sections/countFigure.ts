import type { RunRecord } from "@fluxlab/sim";
import { max } from "d3-array";
import { type Line, lineChart, lineRoom } from "../charts/lineChart.ts";
import { compact } from "../format.ts";
import { figure } from "../html/components.ts";
import type { Content, Markup } from "../markup.ts";
import { bothWidths, clockOf, tableSamples, timeCells } from "./context.ts";

/** Counts over a run's time, a line each: nodes, swaps, coins at hand. */
interface CountFigure {
  readonly title: string;
  readonly caption: string;
  readonly unit: string;
  /** A name with the last value for a line, and without it for a column of the table. */
  readonly lines: readonly Line[];
  readonly columns: readonly string[];
  readonly plotHeight: number;
  /** A value in the table. */
  readonly format: (value: number) => string;
}

/** The axis reaches so far above nothing at least, so that a few are not drawn as many. */
const LEAST_TOP = 4;
const ROOM = 1.06;

/** The chart with its data; `id` must not be used twice on the page. */
export function countFigure(
  record: RunRecord,
  id: string,
  { title, caption, unit, lines, columns, plotHeight, format }: CountFigure,
): Markup {
  const most = max(lines, ({ values }) => max(Array.from(values, (value) => value ?? 0))) || 1;
  return figure({
    caption,
    drawing: bothWidths(id, (chartId, width) =>
      lineChart(
        {
          text: {
            id: chartId,
            title,
            description: `At the end: ${lines.map(({ name }) => name).join(", ")}.`,
          },
          width,
          plotHeight,
          clock: clockOf(record),
          unit,
          domain: [0, Math.max(most, LEAST_TOP) * ROOM],
          format: compact,
          marks: [],
          room: lineRoom(lines),
        },
        lines,
      ),
    ),
    data: {
      caption: title,
      head: ["Height", "When", ...columns],
      text: [1],
      rows: tableSamples(record).map((at): Content[] => [
        ...timeCells(record, at),
        ...lines.map(({ values }) => format(values[at] ?? 0)),
      ]),
    },
  });
}
