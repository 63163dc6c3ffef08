import type { AnyRecord, RunRecord } from "@fluxlab/sim";
import type { RunAbout } from "./about.ts";
import { fusionCsv, fusionRefillsCsv, fusionSamplesCsv } from "./fusionTables.ts";
import { recordJson } from "./json.ts";
import type { Fusion } from "./metrics/fusion.ts";
import { reportHtml } from "./report.ts";
import { spreadFiles } from "./spreadReport.ts";
import { bridgeCsv, eventsCsv, nodesCsv, samplesCsv, spreadCsv, tiersCsv, waitsCsv } from "./tables.ts";

/** Everything a run leaves on disk: file name to text. Same record and about, same bytes, whatever the clock or machine. */
export const reportFiles = (record: AnyRecord, about: RunAbout): ReadonlyMap<string, string> =>
  record.fidelity === "economy" ? economyFiles(record, about) : spreadFiles(record, about);

const economyFiles = (record: RunRecord, about: RunAbout): ReadonlyMap<string, string> =>
  new Map([
    ["report.html", reportHtml(record, about)],
    ["run.json", recordJson(record)],
    ["samples.csv", samplesCsv(record)],
    ["spread.csv", spreadCsv(record)],
    ["waits.csv", waitsCsv(record)],
    ["nodes.csv", nodesCsv(record)],
    ["events.csv", eventsCsv(record)],
    ["tiers.csv", tiersCsv(record)],
    ...(record.bridge === undefined ? [] : [["bridge.csv", bridgeCsv(record.bridge)] as const]),
    ...(record.fusion === undefined ? [] : fusionFiles(record.fusion, record)),
  ]);

const fusionFiles = (fusion: Fusion, { samples }: RunRecord): [string, string][] => [
  ["fusion.csv", fusionCsv(fusion)],
  ["fusion-samples.csv", fusionSamplesCsv(fusion, samples)],
  ["fusion-refills.csv", fusionRefillsCsv(fusion)],
];
