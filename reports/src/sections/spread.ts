import type { SpreadRecord } from "@fluxlab/sim";
import { compact, duration, grouped, percent } from "../format.ts";
import { code, details, note, paragraph, type Section, strong, table } from "../html/components.ts";
import { type Content, element, type Markup } from "../markup.ts";
import { reached, spreadFigures } from "../metrics/spread.ts";
import { agreementSentences } from "./agreement.ts";
import { upgradeSentences } from "./upgrade.ts";

// The report of a run in which messages travelled.

const PARTS = [
  ["p50", "half of the nodes"],
  ["p90", "90 %"],
  ["p99", "99 %"],
  ["all", "all nodes"],
] as const;

const RANKS = [5, 50, 95] as const;

/** Blocks listed one by one: more are in blocks.csv. */
const BLOCKS_SHOWN = 20;

export function spreadOpening(record: SpreadRecord): Content[] {
  const { scenario, nodes, blocks } = record;
  const { staleBlocks, staleRate, meanSeconds } = spreadFigures(record);
  const answer = Number.isNaN(meanSeconds.p50)
    ? ["No block reached half of the nodes within the run."]
    : [
        "On average a block reaches half of the nodes in ",
        strong(duration(meanSeconds.p50)),
        ...(Number.isNaN(meanSeconds.p99) ? [] : [", 99 % in ", strong(duration(meanSeconds.p99))]),
        `; ${grouped(staleBlocks)} of ${grouped(blocks.height.length)} blocks (`,
        strong(percent(staleRate, 2)),
        ") ended on no chain.",
      ];
  const kind = record.fidelity === "relay" ? "relay model" : "full nodes";
  return [
    element("p", { class: "eyebrow" }, `Flux Lab · ${kind} · ${grouped(nodes)} nodes`),
    element("h1", {}, scenario.title),
    scenario.question === undefined ? undefined : element("p", { class: "question" }, scenario.question),
    element(
      "div",
      { class: "answer" },
      [...upgradeSentences(record), ...agreementSentences(record)].map((sentence) => paragraph(sentence)),
      paragraph(...answer),
    ),
  ];
}

export function propagationSection(record: SpreadRecord): Section {
  const rows = PARTS.map(([column, name]): Content[] => {
    const times = reached(record.blocks, column);
    if (times.length === 0) return [name, "0", ...RANKS.map(() => "–"), "–", "–"];
    const mean = times.reduce((sum, seconds) => sum + seconds, 0) / times.length;
    const ranked = RANKS.map((rank) => times[Math.max(Math.ceil((times.length * rank) / 100), 1) - 1]!);
    return [name, grouped(times.length), ...[...ranked, times.at(-1)!, mean].map((time) => time.toFixed(3))];
  });
  return {
    id: "propagation",
    title: "How blocks spread",
    body: [
      paragraph(
        "Seconds from the moment a block is mined until so many nodes have it, its miner among them. Only blocks of the chain that won are counted, and of those the ones that got so far before the run ended.",
      ),
      table({
        caption: "Seconds until a block has reached",
        head: ["Reached", "Blocks", "5 %", "Median", "95 %", "Longest", "Mean"],
        rows,
      }),
    ],
  };
}

export function forksSection(record: SpreadRecord): Section {
  const { staleBlocks, staleRate } = spreadFigures(record);
  const { reorganisations } = record;
  const changes =
    reorganisations === undefined
      ? note("In the relay model nodes have tips and no chains: changes of branch are not counted.")
      : reorganisations.length === 0
        ? note("No node ever left a block for a better branch.")
        : table({
            caption: "Times that a node left blocks for a better branch",
            head: ["Blocks left", "Times"],
            rows: reorganisations.map(([depth, count]): Content[] => [grouped(depth), grouped(count)]),
          });
  return {
    id: "forks",
    title: "Stale blocks and reorganisations",
    body: [
      paragraph(
        `${grouped(record.blocks.height.length)} blocks were mined; ${grouped(staleBlocks)} of them, ${percent(staleRate, 2)}, are not on the chain that won.`,
      ),
      changes,
      details("Blocks", blockTable(record)),
    ],
  };
}

function blockTable({ blocks }: SpreadRecord): Markup {
  const shown = Math.min(blocks.height.length, BLOCKS_SHOWN);
  const cell = (seconds: number): string => (Number.isNaN(seconds) ? "–" : seconds.toFixed(3));
  return table({
    caption: `The first ${grouped(shown)} blocks; all are in blocks.csv`,
    head: ["Height", "Miner", "Mined at, s", "Half, s", "90 %, s", "99 %, s", "All, s", "Stale"],
    rows: Array.from({ length: shown }, (_, i): Content[] => [
      grouped(blocks.height[i]!),
      grouped(blocks.miner[i]!),
      ...[blocks.minedSeconds, blocks.p50, blocks.p90, blocks.p99, blocks.all].map((column) =>
        cell(column[i]!),
      ),
      blocks.onMainChain[i] === 1 ? "" : "stale",
    ]),
    text: [7],
  });
}

export function messagesSection(record: SpreadRecord): Section {
  const nodeBlocks = record.nodes * record.blocks.height.length;
  const sized = record.messages.some(({ bytes }) => bytes !== undefined);
  return {
    id: "messages",
    title: "Messages",
    body: [
      table({
        caption: "Messages by kind",
        head: ["Kind", "Messages", "A node and block", ...(sized ? ["Bytes"] : [])],
        rows: record.messages.map(({ kind, messages, bytes }): Content[] => [
          code(kind),
          grouped(messages),
          nodeBlocks === 0 ? "–" : (messages / nodeBlocks).toFixed(2),
          ...(bytes === undefined ? [] : [compact(bytes)]),
        ]),
      }),
    ],
  };
}
