import { TIERS } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import { grouped } from "../format.ts";
import { note, paragraph, type Section } from "../html/components.ts";
import type { Markup } from "../markup.ts";
import { TIER_NAME } from "../names.ts";
import { hasLength, NO_LENGTH } from "./context.ts";
import { countFigure } from "./countFigure.ts";

const NODES = { unit: "nodes", format: grouped };

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
    ...NODES,
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
    ...NODES,
  });
}
