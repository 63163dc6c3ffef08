import type { SpreadRecord } from "@fluxlab/sim";
import type { RunAbout } from "./about.ts";
import { type Cell, csv } from "./csv.ts";
import { duration, grouped, percent, plainSpaces } from "./format.ts";
import { page } from "./html/page.ts";
import { recordJson } from "./json.ts";
import { spreadFigures } from "./metrics/spread.ts";
import { agreementSection, agreementSentences } from "./sections/agreement.ts";
import { findingLines, findingsSection } from "./sections/findings.ts";
import { partSentences, partsSection } from "./sections/parts.ts";
import { spreadRepeatSection } from "./sections/repeat.ts";
import { forksSection, messagesSection, propagationSection, spreadOpening } from "./sections/spread.ts";
import { upgradeSection, upgradeSentences } from "./sections/upgrade.ts";

/** Everything a run in which messages travelled leaves on disk. */
export const spreadFiles = (record: SpreadRecord, about: RunAbout): ReadonlyMap<string, string> =>
  new Map([
    ["report.html", spreadHtml(record, about)],
    ["run.json", recordJson(record)],
    ["blocks.csv", blocksCsv(record)],
    ["messages.csv", messagesCsv(record)],
  ]);

const spreadHtml = (record: SpreadRecord, about: RunAbout): string =>
  page(record.scenario.title, spreadOpening(record), [
    ...[findingsSection(record) ?? [], partsSection(record) ?? []].flat(),
    ...[upgradeSection(record) ?? [], agreementSection(record) ?? []].flat(),
    propagationSection(record),
    forksSection(record),
    messagesSection(record),
    spreadRepeatSection(record, about),
  ]);

/** Every block, one row each; a time is empty if so many nodes never had the block. */
function blocksCsv({ blocks }: SpreadRecord): string {
  const head = [
    "height",
    "miner",
    "mined_seconds",
    "stale",
    "p50_seconds",
    "p90_seconds",
    "p99_seconds",
    "all_seconds",
  ];
  const time = (seconds: number): Cell => (Number.isNaN(seconds) ? undefined : seconds);
  const rows = Array.from(blocks.height, (height, i): Cell[] => [
    height,
    blocks.miner[i]!,
    blocks.minedSeconds[i]!,
    blocks.onMainChain[i] === 1 ? 0 : 1,
    ...[blocks.p50, blocks.p90, blocks.p99, blocks.all].map((column) => time(column[i]!)),
  ]);
  return csv(head, rows);
}

const messagesCsv = ({ messages }: SpreadRecord): string =>
  csv(
    ["kind", "messages", "bytes"],
    messages.map(({ kind, messages: count, bytes }): Cell[] => [kind, count, bytes]),
  );

/** The run for a terminal. Ends with a line break. */
export function spreadSummary(record: SpreadRecord): string {
  const { scenario, seed, digest, nodes, events, seconds } = record;
  const { blocks, staleBlocks, staleRate, meanSeconds } = spreadFigures(record);
  const means = Object.entries(meanSeconds)
    .map(([part, mean]) => `${part} ${Number.isNaN(mean) ? "-" : `${mean.toFixed(2)} s`}`)
    .join(", ");
  const sentences = [...partSentences(record), ...upgradeSentences(record), ...agreementSentences(record)];
  const lines = [
    scenario.title,
    `${scenario.name}, seed ${seed}, ${grouped(nodes)} nodes, ${duration(seconds)}, ${grouped(events)} events`,
    `digest  ${digest}`,
    `blocks  ${grouped(blocks)}, ${grouped(staleBlocks)} of them stale (${percent(staleRate, 2)})`,
    `spread  ${means} (means)`,
    ...findingLines(record),
    ...(sentences.length === 0 ? [] : ["", ...sentences]),
  ];
  return plainSpaces(`${lines.join("\n")}\n`);
}
