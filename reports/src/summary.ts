import { TIERS, type Tier } from "@fluxlab/core";
import type { AnyRecord, RunRecord } from "@fluxlab/sim";
import {
  compact,
  duration,
  exactFlux,
  fluxNumber,
  grouped,
  percent,
  plainSpaces,
  readableFlux,
} from "./format.ts";
import { type Bridge, bridgeCells } from "./metrics/bridge.ts";
import { fairness } from "./metrics/fairness.ts";
import type { Fusion } from "./metrics/fusion.ts";
import { tierReturn } from "./metrics/roi.ts";
import { shockEffects } from "./metrics/shocks.ts";
import { waitSummary } from "./metrics/waits.ts";
import { TIER_NAME } from "./names.ts";
import { capStatement } from "./sections/capStatement.ts";
import { fairnessSentence } from "./sections/fairness.ts";
import { fusionSentences } from "./sections/fusion.ts";
import { shockSentence } from "./sections/shocks.ts";
import { spreadSummary } from "./spreadReport.ts";

const HEAD = ["tier", "payments", "median wait", "FLUX per node-year", "ROI"] as const;

/** The run for a terminal. Ends with a line break. */
export const summaryText = (record: AnyRecord): string =>
  record.fidelity === "economy" ? economySummary(record) : spreadSummary(record);

/** Digest, supply, a line per tier, the cap. */
function economySummary(record: RunRecord): string {
  const { scenario, seed, digest, supply, firstHeight, lastHeight } = record;
  const lines = [
    scenario.title,
    `${scenario.name}, seed ${seed}, heights ${grouped(firstHeight)} to ${grouped(lastHeight)}`,
    `digest  ${digest}`,
    `supply  ${exactFlux(supply.before)} -> ${exactFlux(supply.after)} FLUX`,
    "",
    ...columns([HEAD, ...TIERS.map((tier) => tierRow(record, tier))]),
    "",
    ...paragraphs(shockEffects(record).map((effect) => shockSentence(record, effect))),
    ...paragraphs(fairness(record).map(fairnessSentence)),
    ...(record.bridge === undefined ? [] : [...bridgeLines(record.bridge), ""]),
    ...(record.fusion === undefined ? [] : [...fusionLines(record.fusion), ""]),
    capStatement(record),
  ];
  return plainSpaces(`${lines.join("\n")}\n`);
}

const paragraphs = (sentences: readonly string[]): string[] =>
  sentences.length === 0 ? [] : [...sentences, ""];

function tierRow(record: RunRecord, tier: Tier): string[] {
  const { native, nativeRoi } = tierReturn(record, tier);
  const waits = waitSummary(record.tiers[tier].waits);
  return [
    TIER_NAME[tier],
    grouped(record.tiers[tier].payments),
    waits === undefined ? "-" : duration(waits.median),
    native === undefined ? "-" : readableFlux(native),
    nativeRoi === undefined ? "-" : percent(nativeRoi),
  ];
}

/** Shortfalls of the bridge in FLUX: a line for each number of confirmations, a column for each depth. */
function bridgeLines(bridge: Bridge): string[] {
  const head = ["FLUX without backing", ...bridge.depths.map((depth) => `k=${depth}`)];
  const rows = bridgeCells(bridge).map(([n, pairs]) => [
    `N=${n} confirmations`,
    ...pairs.map(({ shortfall }) => compact(fluxNumber(shortfall))),
  ]);
  return columns([head, ...rows]);
}

/** Who ran dry first, then a line for each chain. */
function fusionLines(fusion: Fusion): string[] {
  const head = ["swaps to", "float", "least", "dry for", "paid", "waited", "longest", "cancelled", "refills"];
  const rows = fusion.chains.map((chain) => [
    chain.symbol,
    compact(fluxNumber(chain.float)),
    compact(fluxNumber(chain.lowest)),
    chain.drySeconds === 0 ? "-" : duration(chain.drySeconds),
    grouped(chain.paid),
    grouped(chain.waited),
    chain.waited === 0 ? "-" : duration(chain.longestWaitSeconds),
    grouped(chain.cancelled),
    grouped(chain.refillCount),
  ]);
  return [...fusionSentences(fusion), "", ...columns([head, ...rows])];
}

/** Rows as aligned lines: the first column to the left, figures to the right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "),
  );
}
