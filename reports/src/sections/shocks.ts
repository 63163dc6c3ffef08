import type { RunRecord } from "@fluxlab/sim";
import { duration, grouped, percent } from "../format.ts";
import { paragraph, type Section, table } from "../html/components.ts";
import type { Content } from "../markup.ts";
import { RECOVERED, type ShockEffect, shockEffects, type TierMoment } from "../metrics/shocks.ts";
import { SHOCK_NAME, TIER_NAME } from "../names.ts";
import { heightInWords } from "./context.ts";

/** What each shock did to the tiers it hit; undefined in a run without one. */
export function shocksSection(record: RunRecord): Section | undefined {
  const effects = shockEffects(record);
  if (effects.length === 0) return undefined;
  return {
    id: "shocks",
    title: "What the shocks did",
    body: [
      effects.map((effect) => paragraph(shockSentence(record, effect))),
      table({
        caption: "Queues, and what a node in them gets a day, before and after each shock",
        head: [
          "Shock",
          "Tier",
          "Queue before",
          "Least",
          "After",
          "Back to 99 % after",
          "FLUX a day before",
          "Then",
          "At the end",
        ],
        text: [1],
        rows: effects.map((effect) => row(record, effect)),
      }),
    ],
  };
}

function row(record: RunRecord, { shock, tier, before, least, recovered, last }: ShockEffect): Content[] {
  const since = (moment: TierMoment) => duration(secondsBetween(record, before, moment));
  return [
    `${SHOCK_NAME[shock.kind]}, ${grouped(shock.height)}`,
    TIER_NAME[tier],
    grouped(before.queue),
    grouped(least.queue),
    since(least),
    recovered === undefined ? "–" : since(recovered),
    daily(before),
    daily(least),
    daily(last),
  ];
}

/** One tier under one shock, in words. */
export function shockSentence(
  record: RunRecord,
  { shock, tier, before, least, recovered, last }: ShockEffect,
): string {
  const what = `${name(record, shock)}: the ${TIER_NAME[tier]} queue`;
  const queue = `from ${grouped(before.queue)} to ${grouped(least.queue)} nodes (−${percent(1 - least.queue / before.queue)})`;
  if (shock.kind === "price" && last.queue > before.queue) return grown(record, what, { before, last });
  if (least.queue >= before.queue * RECOVERED) return `${what} hardly changes, at most ${queue}.`;
  const pay =
    before.perDay === undefined || least.perDay === undefined
      ? "nobody is left to be paid"
      : `a node in it gets ${daily(least)} FLUX a day instead of ${daily(before)} (${signed(least.perDay / before.perDay - 1)})`;
  const within = duration(secondsBetween(record, before, least));
  return `${what} falls ${queue} within ${within}; ${pay}${ending(record, before, recovered, shock)}.`;
}

function grown(
  record: RunRecord,
  what: string,
  { before, last }: Pick<ShockEffect, "before" | "last">,
): string {
  const queue = `from ${grouped(before.queue)} to ${grouped(last.queue)} nodes (+${percent(last.queue / before.queue - 1)})`;
  const within = duration(secondsBetween(record, before, last));
  return `${what} grows ${queue} within ${within}; a node in it gets ${daily(last)} FLUX a day instead of ${daily(before)}.`;
}

/** Whoever has sold does not come back. */
function ending(
  record: RunRecord,
  before: TierMoment,
  recovered: TierMoment | undefined,
  { kind }: ShockEffect["shock"],
): string {
  if (kind === "exit" || kind === "price") return "";
  if (recovered === undefined) return "; the queue is not back before the next shock or the end";
  return `; the queue is back after ${duration(secondsBetween(record, before, recovered))}`;
}

const name = (record: RunRecord, { kind, height }: ShockEffect["shock"]): string =>
  `${SHOCK_NAME[kind]} at ${heightInWords(record, height)}`;

const daily = ({ perDay }: TierMoment): string => (perDay === undefined ? "–" : perDay.toFixed(4));

const signed = (ratio: number): string => `${ratio < 0 ? "−" : "+"}${percent(Math.abs(ratio))}`;

const secondsBetween = ({ samples }: RunRecord, from: TierMoment, to: TierMoment): number =>
  samples.seconds[to.sample]! - samples.seconds[from.sample]!;
