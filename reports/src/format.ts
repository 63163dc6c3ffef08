import { COIN, formatFlux } from "@fluxlab/core";
import { format } from "d3-format";

// How numbers look to a reader. Fixed English forms, never the host's locale, so that a report is the same everywhere.

/** Keeps a number and its unit on one line. */
const NBSP = "\u00a0";

/** For terminals and files. */
export const plainSpaces = (text: string): string => text.replaceAll(NBSP, " ");

const MINUTE = 60;
const HOUR = 3_600;
export const DAY = 86_400;
/** 365 days, as everywhere in the lab. */
export const YEAR = 365 * DAY;
const YEAR_MONTHS = 12;
/** A twelfth of a year. */
export const MONTH = YEAR / YEAR_MONTHS;

/** 1313200 -> "1,313,200"; whole numbers of any size. */
export const grouped = (value: number | bigint): string => groupDigits(String(value));

const groupDigits = (digits: string): string => digits.replace(/\B(?=(?:\d{3})+$)/g, ",");

/** 380000000 -> "380M", 16200 -> "16.2k", 0.25 -> "0.25": axis ticks and labels. At most `digits` significant digits. */
export function compact(value: number, digits = 4): string {
  if (value === 0) return "0";
  return Math.abs(value) < 1 ? format(".2~f")(value) : format(`.${digits}~s`)(value).replace("G", "B");
}

/** Every satoshi, whole part grouped: "392,236,699.97000000". */
export function exactFlux(amount: bigint): string {
  const [whole = "", fraction] = formatFlux(amount).split(".");
  return `${groupDigits(whole)}.${fraction}`;
}

/** An amount without the zeros at its end: 37.5, 14, 5.42388684. For amounts the rules name. */
export const trimmedFlux = (amount: bigint): string => exactFlux(amount).replace(/\.?0+$/, "");

/** An amount for reading, rounded half up: whole FLUX from 10,000 on, then one, two and four places as it gets smaller. */
export function readableFlux(amount: bigint): string {
  const magnitude = amount < 0n ? -amount : amount;
  if (magnitude >= 10_000n * COIN) return roundedFlux(amount, 0);
  if (magnitude >= 100n * COIN) return roundedFlux(amount, 1);
  return roundedFlux(amount, magnitude >= COIN || amount === 0n ? 2 : 4);
}

/** {@link readableFlux} without zeros at its end: "37.5", "5.42". For labels in charts. */
export const shortFlux = (amount: bigint): string => readableFlux(amount).replace(/\.0+$|(?<=\.\d+?)0+$/, "");

function roundedFlux(amount: bigint, places: number): string {
  const step = 10n ** BigInt(8 - places);
  const magnitude = amount < 0n ? -amount : amount;
  const rounded = ((magnitude + step / 2n) / step) * step;
  const text = exactFlux(amount < 0n ? -rounded : rounded);
  return text.slice(0, text.length - 8 + places - (places === 0 ? 1 : 0));
}

/** FLUX as a number, for charts and ratios only. */
export const fluxNumber = (amount: bigint): number => Number(amount) / Number(COIN);

/** 0.1648 -> "16.5 %". */
export const percent = (ratio: number, places = 1): string =>
  `${format(`,.${places}f`)(ratio * 100)}${NBSP}%`;

/** 12.5 -> "$12.50", -3 -> "−$3.00". */
export const dollars = (amount: number): string =>
  `${amount < 0 ? "−" : ""}$${format(",.2f")(Math.abs(amount))}`;

/** A unit of time: its length and its name. */
export type DurationUnit = readonly [seconds: number, name: string];

/** Three significant digits in the unit a person would choose: "90 s", "32.8 hours", "12.1 days", "2.5 years". */
export function duration(seconds: number): string {
  const [unit, name] = durationUnit(seconds);
  const count = seconds / unit;
  const text = count >= 100 ? grouped(Math.round(count)) : format(".3~r")(count);
  if (name === "s" || name === "min") return `${text}${NBSP}${name}`;
  return `${text}${NBSP}${text === "1" ? name.slice(0, -1) : name}`;
}

/** A length of time in a given unit, with so many places: "11.703 days". Rows of a table share unit and places. */
export const durationIn = (seconds: number, [unitSeconds, name]: DurationUnit, places: number): string =>
  `${format(`,.${places}f`)(seconds / unitSeconds)}${NBSP}${name}`;

/** The unit in which {@link duration} tells a length of time, in seconds, and its name. */
export function durationUnit(seconds: number): DurationUnit {
  if (seconds < 2 * MINUTE) return [1, "s"];
  if (seconds < 2 * HOUR) return [MINUTE, "min"];
  if (seconds < 2 * DAY) return [HOUR, "hours"];
  return seconds < 2 * YEAR ? [DAY, "days"] : [YEAR, "years"];
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

const COUNT_WORDS = [
  "No",
  "One",
  "Two",
  "Three",
  "Four",
  "Five",
  "Six",
  "Seven",
  "Eight",
  "Nine",
  "Ten",
  "Eleven",
  "Twelve",
];

/** A count that begins a sentence: "Nine", "13". */
export const countWord = (count: number): string => COUNT_WORDS[count] ?? grouped(count);
