import { TIERS } from "@fluxlab/core";
import type { AgreementSamples, SpreadRecord } from "@fluxlab/sim";
import { type Line, lineChart, lineRoom } from "../charts/lineChart.ts";
import { compact, duration, grouped, listed, percent } from "../format.ts";
import { figure, note, paragraph, type Section, table } from "../html/components.ts";
import type { Content, Markup } from "../markup.ts";
import { type Mining, minings, type Split, splits } from "../metrics/agreement.ts";
import { TIER_NAME } from "../names.ts";
import { bothWidths } from "./context.ts";

/** Rows of a table that a person reads. */
const ROWS = 24;

/** Who was on which branch; undefined where nodes have no chains. */
export function agreementSection(record: SpreadRecord): Section | undefined {
  const { agreement } = record;
  if (agreement === undefined || agreement.seconds.length < 2) return undefined;
  const found = splits(agreement);
  const attacks = minings(record);
  return {
    id: "agreement",
    title: "Agreement",
    body: [
      paragraph(
        "A node is apart when its tip is on a branch that most nodes are not on; who is only behind is not. Forks of one block come and go, so only branches of two blocks and more count as splits.",
      ),
      countFigure(agreement, "apart-chart", "Nodes on a branch of their own", [
        { name: "apart", className: "alarm", values: agreement.apart },
      ]),
      found.length === 0
        ? note("There was no split.")
        : table({
            caption: "Splits",
            head: ["From", "To", "Most nodes", "Most blocks"],
            rows: found.map(({ from, to, nodes, depth, open }): Content[] => [
              duration(from),
              open ? "the end" : duration(to),
              grouped(nodes),
              grouped(depth),
            ]),
          }),
      attacks.length === 0 ? undefined : attackTable(attacks),
      queueFigure(agreement),
    ],
  };
}

/** What splits and attacks came to, in words. */
export const agreementSentences = (record: SpreadRecord): string[] => [
  ...minings(record).map(miningSentence),
  ...splitSentences(record),
  ...queueSentences(record),
];

function splitSentences({ agreement, nodes }: SpreadRecord): string[] {
  if (agreement === undefined || agreement.seconds.length < 2) return [];
  const found = splits(agreement);
  if (found.length === 0) return ["At no time were nodes on branches that differ in more than one block."];
  const longest = found.reduce((most, each) => (each.to - each.from > most.to - most.from ? each : most));
  const count = found.length === 1 ? "" : ` It was the longest of ${found.length} splits.`;
  return [`${splitSentence(longest, nodes)}${count}`];
}

function splitSentence({ from, to, nodes, depth, open }: Split, all: number): string {
  const who = `up to ${grouped(nodes)} of ${grouped(all)} nodes (${percent(nodes / all, 0)})`;
  const branch = `on a branch of their own, up to ${grouped(depth)} blocks deep`;
  return open
    ? `From ${duration(from)} on ${who} are ${branch}, and they still are at the end.`
    : `From ${duration(from)} to ${duration(to)} ${who} are ${branch}; after that all are on one again.`;
}

function miningSentence({ fault, nodes, mined, minedByAll, kept, keptByAll }: Mining): string {
  const who = nodes.length === 1 ? `node ${nodes[0]}` : `nodes ${listed(nodes.map(String))}`;
  const shares = `${share(mined, minedByAll)} of the blocks and has ${share(kept, keptByAll)} of the chain`;
  return `Under ${fault} ${who} made ${shares} (${grouped(mined)} of ${grouped(minedByAll)}, ${grouped(kept)} of ${grouped(keptByAll)}).`;
}

function queueSentences({ agreement }: SpreadRecord): string[] {
  if (agreement === undefined) return [];
  return TIERS.flatMap((tier) => {
    const queue = agreement.queues[tier];
    const first = queue[0] ?? 0;
    const least = queue.reduce((found, each) => Math.min(found, each), first);
    if (least === first) return [];
    const at = duration(agreement.seconds[queue.indexOf(least)]!);
    return [
      `The ${TIER_NAME[tier]} queue falls from ${grouped(first)} to ${grouped(least)} FluxNodes by ${at} and has ${grouped(queue.at(-1)!)} at the end.`,
    ];
  });
}

const share = (part: number, all: number): string => (all === 0 ? "–" : percent(part / all));

const attackTable = (attacks: readonly Mining[]): Markup =>
  table({
    caption: "What the nodes of a fault mined while it lasted",
    head: ["Fault", "Nodes", "Blocks made", "Of all", "On the chain", "Of the chain"],
    text: [1],
    rows: attacks.map(({ fault, nodes, mined, minedByAll, kept, keptByAll }): Content[] => [
      fault,
      nodes.join(", "),
      grouped(mined),
      share(mined, minedByAll),
      grouped(kept),
      share(kept, keptByAll),
    ]),
  });

function queueFigure(agreement: AgreementSamples): Content {
  const lines = TIERS.filter((tier) => agreement.queues[tier].some((count) => count > 0)).map((tier) => ({
    name: `${TIER_NAME[tier]} ${grouped(agreement.queues[tier].at(-1)!)}`,
    className: tier,
    values: agreement.queues[tier],
  }));
  if (lines.length === 0) return undefined;
  return countFigure(
    agreement,
    "queues-chart",
    "Confirmed FluxNodes after the tip that most nodes are on",
    lines,
  );
}

function countFigure(
  agreement: AgreementSamples,
  id: string,
  caption: string,
  lines: readonly Line[],
): Markup {
  const { seconds } = agreement;
  const height = Float64Array.from(agreement.height);
  const most = Math.max(...lines.flatMap(({ values }) => Array.from(values, (value) => value ?? 0)), 4);
  const step = Math.max(Math.floor(seconds.length / ROWS), 1);
  return figure({
    caption,
    drawing: bothWidths(id, (id, width) =>
      lineChart(
        {
          text: {
            id,
            title: caption,
            description: `At the end: ${lines.map(({ name }) => name).join(", ")}.`,
          },
          width,
          plotHeight: 160,
          clock: { samples: { seconds, height }, startDate: undefined },
          unit: "nodes",
          domain: [0, most * 1.06],
          format: compact,
          marks: [],
          room: lineRoom(lines),
        },
        lines,
      ),
    ),
    data: {
      caption,
      head: ["Time", "Height", ...lines.map(({ name }) => name)],
      rows: Array.from({ length: Math.ceil(seconds.length / step) }, (_, row): Content[] => {
        const i = row * step;
        return [
          duration(seconds[i]!),
          grouped(height[i]!),
          ...lines.map(({ values }) => grouped(values[i] ?? 0)),
        ];
      }),
    },
  });
}
