import { TIERS } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import { max } from "d3-array";
import { type Line, lineChart, lineRoom } from "../charts/lineChart.ts";
import { compact, grouped } from "../format.ts";
import { figure, note, paragraph, type Section } from "../html/components.ts";
import type { Content, Markup } from "../markup.ts";
import { TIER_NAME } from "../names.ts";
import { bothWidths, clockOf, hasLength, NO_LENGTH, tableSamples, timeCells } from "./context.ts";

export function queuesSection(record: RunRecord): Section {
  return {
    id: "queues",
    title: "Queues and the list",
    body: [
      paragraph(
        "Each tier's payment queue holds its confirmed nodes. Nodes whose START is not confirmed yet are listed as STARTED, those that missed their time as DoS; neither is paid.",
      ),
      hasLength(record) ? [queueFigure(record), listFigure(record)] : note(NO_LENGTH),
    ],
  };
}

function queueFigure(record: RunRecord): Markup {
  const lines = TIERS.map((tier) => {
    const values = record.samples.tiers[tier].queue;
    return { name: `${TIER_NAME[tier]} ${grouped(values.at(-1)!)}`, className: tier, values };
  });
  return countFigure(record, "queue-chart", {
    title: "Confirmed nodes per tier over time",
    caption: "Confirmed nodes of each tier: the length of its payment queue.",
    lines,
    columns: TIERS.map((tier) => TIER_NAME[tier]),
    plotHeight: 220,
  });
}

function listFigure(record: RunRecord): Markup {
  const { started, dos } = record.samples;
  const lines = [
    { name: `STARTED ${grouped(started.at(-1)!)}`, className: "other thin", values: started },
    { name: `DoS ${grouped(dos.at(-1)!)}`, className: "alarm thin", values: dos },
  ];
  return countFigure(record, "list-chart", {
    title: "STARTED and DoS entries over time",
    caption:
      "Entries of the chain's list that wait for a confirm (STARTED) or sit out a missed one (DoS), at the sample heights.",
    lines,
    columns: ["STARTED", "DoS"],
    plotHeight: 120,
  });
}

interface CountFigure {
  readonly title: string;
  readonly caption: string;
  readonly lines: readonly Line[];
  readonly columns: readonly string[];
  readonly plotHeight: number;
}

function countFigure(
  record: RunRecord,
  id: string,
  { title, caption, lines, columns, plotHeight }: CountFigure,
): Markup {
  const most = max(lines, ({ values }) => max(Array.from(values, (value) => value ?? 0))) || 1;
  return figure({
    caption,
    drawing: bothWidths(id, (id, width) =>
      lineChart(
        {
          text: { id, title, description: `At the end: ${lines.map(({ name }) => name).join(", ")}.` },
          width,
          plotHeight,
          clock: clockOf(record),
          unit: "nodes",
          domain: [0, Math.max(most, 4) * 1.06],
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
        ...lines.map(({ values }) => grouped(values[at] ?? 0)),
      ]),
    },
  });
}
