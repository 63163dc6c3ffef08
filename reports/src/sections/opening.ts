import { TIERS, type Tier } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import {
  compact,
  countWord,
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
import { shockEffects } from "../metrics/shocks.ts";
import { type SubsidyChange, type SubsidyEra, subsidyChanges, subsidyEras } from "../metrics/subsidy.ts";
import { momentOf, secondsAtHeight } from "../metrics/timeline.ts";
import { waitSummary } from "../metrics/waits.ts";
import { TIER_NAME } from "../names.ts";
import { bridgeSentence } from "./bridge.ts";
import { capStatement } from "./capStatement.ts";
import { heightInWords } from "./context.ts";
import { fusionSentences } from "./fusion.ts";
import { shockSentence } from "./shocks.ts";

// Title, question, the answer in sentences, the key figures: what a reader sees first, and often all of it.

export function opening(record: RunRecord): Content[] {
  const { scenario, firstHeight, lastHeight, networkName } = record;
  const span = `heights ${grouped(firstHeight)} to ${grouped(lastHeight)}`;
  return [
    element("p", { class: "eyebrow" }, `Flux Lab · ${networkName} network · ${span}`),
    element("h1", {}, scenario.title),
    scenario.question === undefined ? undefined : element("p", { class: "question" }, scenario.question),
    element(
      "div",
      { class: "answer" },
      answerSentences(record).map((sentence) => paragraph(sentence)),
    ),
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
export function answerSentences(record: RunRecord): Content[][] {
  const bridge = record.bridge === undefined ? [] : [bridgeSentence(record.bridge)];
  const fusion = record.fusion === undefined ? [] : [fusionSentences(record.fusion).join(" ")];
  const shocks = shockEffects(record).map((effect) => [shockSentence(record, effect)]);
  const sentences = [
    bridge,
    fusion,
    ...shocks,
    waitSentence(record),
    payoutSentence(record),
    ...subsidySentences(record),
  ];
  return [...sentences, [capStatement(record)]].filter((sentence) => sentence.length > 0);
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
  const shortest = Math.min(...found.map(({ waits }) => waits.p5 / waits.median));
  const longest = Math.max(...found.map(({ waits }) => waits.p95 / waits.median));
  const [from, to] = [percent(shortest), percent(longest)];
  const width =
    from === to
      ? "nine in ten waits are that long."
      : `nine in ten waits lie between ${from} and ${to} of that.`;
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

/** Up to this many changes are told one by one. */
const FEW_CHANGES = 2;

/** What each change of the subsidy did to a node's payout, or all of them together; slow start ends before nodes exist. */
function subsidySentences(record: RunRecord): Content[][] {
  const changes = subsidyChanges(record.events).filter(({ kind }) => kind !== "slowStart");
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (changes.length <= FEW_CHANGES) {
    return changes.map((change) => {
      const what = { halving: "The halving", reduction: "The reduction", other: "The change" }[
        change.kind as "halving"
      ];
      return subsidySentence(
        record,
        `${what} at ${heightInWords(record, change.firstHeight)} takes`,
        change,
        change,
      );
    });
  }
  const what = changes.every(({ kind }) => kind === "reduction") ? "reductions by a tenth" : "changes";
  const span = `${heightInWords(record, first.firstHeight)} to ${heightInWords(record, last.firstHeight)}`;
  return [subsidySentence(record, `${countWord(changes.length)} ${what} from ${span} take`, first, last)];
}

function subsidySentence(
  record: RunRecord,
  subject: string,
  first: SubsidyChange,
  last: SubsidyChange,
): Content[] {
  const eras = subsidyEras(record);
  const before = eras.find((era) => era.lastHeight === first.firstHeight - 1);
  const after = eras.find((era) => era.firstHeight === last.lastHeight);
  const rates = before === undefined || after === undefined ? [] : rateClauses(before, after);
  const amounts = strong(`${trimmedFlux(first.from)} to ${trimmedFlux(last.to)} FLUX`);
  const effect = rates.length === 0 ? "." : `; a node's payout a year goes from ${listed(rates)}.`;
  return [`${subject} the subsidy from `, amounts, ` a block${effect}`];
}

const rateClauses = (before: SubsidyEra, after: SubsidyEra): string[] =>
  TIERS.flatMap((tier) => {
    const [from, to] = [before.payout[tier], after.payout[tier]];
    if (from === undefined || to === undefined) return [];
    return [`${readableFlux(from)} to ${readableFlux(to)} FLUX in ${TIER_NAME[tier]}`];
  });

function tierTile(record: RunRecord, tier: Tier): Markup {
  const { native, nativeRoi, collateral } = tierReturn(record, tier);
  const waits = waitSummary(record.tiers[tier].waits);
  const payout =
    native === undefined
      ? "No node was confirmed for any time"
      : `Per node and year: ${percent(nativeRoi ?? 0)} of the ${trimmedFlux(collateral)} locked`;
  const wait =
    waits === undefined ? "No wait ended in the run" : `Paid every ${duration(waits.median)} (median)`;
  return element(
    "div",
    { class: `tile ${tier}` },
    element("h2", {}, TIER_NAME[tier]),
    native === undefined ? bigFigure("–", "") : bigFigure(readableFlux(native), "FLUX"),
    element("p", {}, payout),
    element("p", {}, wait),
  );
}

function bigFigure(figure: string, unit: string): Markup {
  const behind = unit === "" ? [] : [" ", element("span", { class: "unit" }, unit)];
  return element("p", { class: "big" }, figure, behind);
}

function supplyTile(record: RunRecord): Markup {
  const { after, cap } = record.supply;
  const inflation = issuanceSteps(record.samples).at(-1)?.inflation;
  return element(
    "div",
    { class: "tile half" },
    element("h2", {}, "Supply after the last block"),
    bigFigure(compact(fluxNumber(after)), "FLUX"),
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
  const { after, cap, schedulePassesCapAt } = record.supply;
  const height = schedulePassesCapAt === undefined ? "never" : grouped(schedulePassesCapAt);
  const distance = compact(fluxNumber(after > cap ? after - cap : cap - after), 3);
  return element(
    "div",
    { class: "tile half" },
    element("h2", {}, `Height at which the schedule passes the ${compact(fluxNumber(cap))} cap`),
    bigFigure(height, capMoment(record)),
    element("p", {}, `The run ends ${distance} FLUX ${after > cap ? "above" : "below"} the cap`),
  );
}

function capMoment(record: RunRecord): string {
  const { schedulePassesCapAt: height } = record.supply;
  if (height === undefined) return "";
  if (height < record.firstHeight) return "before the run";
  if (height > record.lastHeight) return "after the run";
  return momentOf(record.scenario.startDate, secondsAtHeight(record.samples, height));
}

/** "a, b and c" for content. */
function joined(items: readonly Content[][]): Content[] {
  return items.flatMap((item, i): Content[] => {
    if (i === 0) return item;
    return [i === items.length - 1 ? " and " : ", ", ...item];
  });
}
