import { heightAfter, type Params, type PerTier, parseFlux, perTier } from "@fluxlab/core";
import type { Ratio } from "../world/economyPlan.ts";
import type { Upkeep } from "../world/payingNodes.ts";

// Quantities in a scenario carry their unit in the text: "1 year", "440000000 FLUX", "1 in 200", "0.55 USD".

const SECONDS_OF = {
  s: 1,
  min: 60,
  h: 3_600,
  day: 86_400,
  days: 86_400,
  week: 604_800,
  weeks: 604_800,
  year: 31_536_000,
  years: 31_536_000,
} as const;

const QUANTITY = /^(\d+(?:\.\d+)?) ([A-Za-z]+)$/;
const RATIO = /^(\d+) in (\d+)$/;

/** What a scenario file may write for a duration; part of error messages. */
export const DURATION_HINT =
  'a duration such as "30 days", "1.5 h" or "655350 blocks" (s, min, h, days, weeks, years, blocks)';
export const RATIO_HINT = 'a chance such as "1 in 200"';
export const AMOUNT_HINT = 'an amount such as "440000000 FLUX"';
export const USD_HINT = 'a price such as "0.55 USD"';
export const DATE_HINT = 'a date such as "2022-04-22"';

/** A length of time, or of chain. */
export type Duration = { readonly seconds: number } | { readonly blocks: number };

/** Reads "30 days" or "100 blocks"; undefined if the text is neither. A year has 365 days. */
export function parseDuration(text: string): Duration | undefined {
  const [, number, unit] = QUANTITY.exec(text) ?? [];
  if (number === undefined || unit === undefined) return undefined;
  const count = Number(number);
  if (unit === "blocks" || unit === "block") return Number.isInteger(count) ? { blocks: count } : undefined;
  if (!Object.hasOwn(SECONDS_OF, unit)) return undefined;
  return { seconds: Math.round(count * SECONDS_OF[unit as keyof typeof SECONDS_OF]) };
}

/** Number of blocks that a duration spans when it begins with block `from`, at the target spacing. */
export const durationInBlocks = (params: Params, from: number, duration: Duration): number =>
  "blocks" in duration ? duration.blocks : heightAfter(params, from, duration.seconds) - from;

/** Seconds of a duration; blocks count at the spacing of block `from`. */
export function durationInSeconds(params: Params, from: number, duration: Duration): number {
  if ("seconds" in duration) return duration.seconds;
  const pon = from >= params.upgrades.pon.height;
  return duration.blocks * (pon ? params.pon.targetSpacing : params.pow.targetSpacing);
}

/** Reads "1 in 200"; undefined if it is not a chance between 0 and 1. */
export function parseRatio(text: string): Ratio | undefined {
  const [, first, second] = RATIO.exec(text) ?? [];
  const numerator = Number(first);
  const denominator = Number(second);
  const valid = denominator >= 1 && denominator <= 0xffff_ffff && numerator <= denominator;
  return valid ? { numerator, denominator } : undefined;
}

/** Reads "440000000 FLUX" into satoshi; at most eight decimal places. */
export function parseAmount(text: string): bigint | undefined {
  const [number, unit, ...rest] = text.split(" ");
  return unit === "FLUX" && rest.length === 0 ? parseFlux(number ?? "") : undefined;
}

/** Reads "0.55 USD" into dollars: reports only, never a rule. */
export function parseUsd(text: string): number | undefined {
  const [, number, unit] = QUANTITY.exec(text) ?? [];
  return unit === "USD" ? Number(number) : undefined;
}

/** Amounts of dollars that the schemas accepted, in millionths. */
export function upkeepOf(price: string, monthlyCost: PerTier<string>): Upkeep {
  const millionths = (usd: string) => BigInt(Math.round(parsed(parseUsd(usd)) * 1_000_000));
  return { price: millionths(price), monthlyCost: perTier((tier) => millionths(monthlyCost[tier])) };
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the text is a day of the Gregorian calendar, written 2022-04-22. */
export function isDate(text: string): boolean {
  const [year, month, day] = (DATE.exec(text) ?? []).slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : DAYS_IN_MONTH[month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/** What a text that the schema has accepted means: reading it again cannot fail. */
export function parsed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("Invariant broken: the schema accepts only what the units read");
  return value;
}
