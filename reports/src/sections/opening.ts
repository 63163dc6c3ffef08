import { TIERS, type Tier } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import {
  compact,
  duration,
  fluxNumber,
  grouped,
  listed,
  percent,
  readableFlux,
  trimmedFlux,
} from "../format.ts";
import { paragraph, strong } from "../html/components.ts";
import { type Content, element, type Markup } from "../markup.ts";
import { issuanceSteps, issued } from "../metrics/issuance.ts";
import { tierReturn } from "../metrics/roi.ts";
import { type SubsidyEra, subsidyChanges, subsidyEras } from "../metrics/subsidy.ts";
import { waitSummary } from "../metrics/waits.ts";
import { TIER_NAME } from "../names.ts";
import { capStatement } from "./capStatement.ts";
import { heightInWords, wasConfirmed } from "./context.ts";

// Title, question, the answer in sentences, the key figures: what a reader sees first, and often all of it.

export function opening(record: RunRecord): Content[] {
  const { scenario, firstHeight, lastHeight, networkName } = record;
  const span = `heights ${grouped(firstHeight)} to ${grouped(lastHeight)}`;
  return [
    element("p", { class: "eyebrow" }, `Flux Lab · ${networkName} network · ${span}`),
    element("h1", {}, scenario.title),
    scenario.question === undefined ? undefined : element("p", { class: "question" }, scenario.question),
    element("div", { class: "answer" }, answer(record)),
    element(
      "div",
      { class: "tiles" },
      TIERS.map((tier) => tierTile(record, tier)),
      supplyTile(record),
      capTile(record),
    ),
  ];
}

/** The run in a few sentences, each from its figures alone. */
export function answer(record: RunRecord): Markup[] {
  const sentences = [waitSentence(record), payoutSentence(record), ...subsidySentences(record)];
  return [...sentences, [capStatement(record)]]
    .filter((sentence) => sentence.length > 0)
    .map((sentence) => paragraph(sentence));
}

function waitSentence(record: RunRecord): Content[] {
  const found = TIERS.flatMap((tier) => {
    const waits = waitSummary(record.tiers[tier].waits);
    return waits === undefined ? [] : [{ tier, waits }];
  });
  if (found.length === 0) return ["No node waited from one payment to its next within the run."];
  const clauses = found.map(({ tier, waits: { median } }): Content[] => [
    `a ${TIER_NAME[tier]} node is paid every `,
    strong(duration(median)),
  ]);
  const equal = found.every(({ waits }) => waits.shortest === waits.longest);
  const shortest = Math.min(...found.map(({ waits }) => waits.p5 / waits.median));
  const longest = Math.max(...found.map(({ waits }) => waits.p95 / waits.median));
  const width = equal
    ? "every wait is that long."
    : `nine in ten waits lie between ${percent(shortest)} and ${percent(longest)} of that.`;
  return ["In the median, ", ...joined(clauses), `; ${width}`];
}

function payoutSentence(record: RunRecord): Content[] {
  const clauses = TIERS.flatMap((tier): Content[][] => {
    const { native, nativeRoi, collateral } = tierReturn(record, tier);
    if (native === undefined) return [];
    const roi = nativeRoi === undefined ? "" : ` (${percent(nativeRoi)} of its ${trimmedFlux(collateral)})`;
    return [[strong(`${readableFlux(native)} FLUX`), ` for ${TIER_NAME[tier]}${roi}`]];
  });
  return clauses.length === 0 ? [] : ["A year of being confirmed brings ", ...joined(clauses), "."];
}

function subsidySentences(record: RunRecord): Content[][] {
  const changes = subsidyChanges(record.events);
  const eras = subsidyEras(record);
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [before, after] = [eras[0], eras.at(-1)];
  const names = {
    slowStart: "Slow start",
    halving: "The halving",
    reduction: "The yearly reduction",
    other: "The change of subsidy",
  };
  const what =
    changes.length === 1
      ? `${names[first.kind]} at ${heightInWords(record, first.firstHeight)} takes the subsidy from `
      : `${changes.length} changes from ${heightInWords(record, first.firstHeight)} to ${heightInWords(record, last.firstHeight)} take the subsidy from `;
  const subsidy = strong(`${trimmedFlux(first.from)} to ${trimmedFlux(last.to)} FLUX`);
  const effect = before === undefined || after === undefined ? [] : rateClauses(before, after);
  const tail = effect.length === 0 ? "." : `; per node and year that is ${listed(effect)}.`;
  return [[what, subsidy, ` a block${tail}`]];
}

const rateClauses = (before: SubsidyEra, after: SubsidyEra): string[] =>
  TIERS.flatMap((tier) => {
    const [from, to] = [before.payout[tier], after.payout[tier]];
    if (from === undefined || to === undefined) return [];
    return [`${readableFlux(from)} → ${readableFlux(to)} FLUX for ${TIER_NAME[tier]}`];
  });

function tierTile(record: RunRecord, tier: Tier): Markup {
  const { native, nativeRoi, collateral } = tierReturn(record, tier);
  const waits = waitSummary(record.tiers[tier].waits);
  const lines = wasConfirmed(record, tier)
    ? [
        native === undefined || nativeRoi === undefined
          ? undefined
          : `FLUX per node and year: ${percent(nativeRoi)} of ${trimmedFlux(collateral)}`,
        waits === undefined ? "No wait ended in the run" : `Paid every ${duration(waits.median)} (median)`,
      ]
    : ["No node of this tier was confirmed"];
  return element(
    "div",
    { class: `tile ${tier}` },
    element("h2", {}, TIER_NAME[tier]),
    element("p", { class: "big" }, native === undefined ? "–" : readableFlux(native)),
    lines.map((line) => (line === undefined ? undefined : element("p", {}, line))),
  );
}

function supplyTile(record: RunRecord): Markup {
  const { after, cap } = record.supply;
  const inflation = issuanceSteps(record.samples).at(-1)?.inflation;
  return element(
    "div",
    { class: "tile half" },
    element("h2", {}, "Supply after the last block"),
    element("p", { class: "big" }, `${compact(fluxNumber(after))} FLUX`),
    element(
      "p",
      {},
      `${percent(Number(after) / Number(cap))} of the cap; the run issued ${compact(fluxNumber(issued(record)))}`,
    ),
    inflation === undefined
      ? undefined
      : element("p", {}, `Inflation at the end: ${percent(inflation, 2)} a year`),
  );
}

function capTile(record: RunRecord): Markup {
  const { cap, schedulePassesCapAt } = record.supply;
  const big = schedulePassesCapAt === undefined ? "never" : `height ${grouped(schedulePassesCapAt)}`;
  return element(
    "div",
    { class: "tile half" },
    element("h2", {}, `The schedule passes ${compact(fluxNumber(cap))} FLUX at`),
    element("p", { class: "big" }, big),
    element("p", {}, capStatement(record)),
  );
}

/** "a, b and c" for content. */
function joined(items: readonly Content[][]): Content[] {
  return items.flatMap((item, i): Content[] => {
    if (i === 0) return item;
    return [i === items.length - 1 ? " and " : ", ", ...item];
  });
}
