import { compact, fluxNumber, grouped, milestones, secondsAtHeight } from "@fluxlab/reports/metrics";
import type { RunRecord } from "@fluxlab/sim";
import type { Mark } from "../timeChart.ts";

// What the charts of a run share.

/** Colour and dash of each tier; the same everywhere in the lab. */
export const TIER_LOOK = {
  cumulus: { color: "var(--cumulus)" },
  nimbus: { color: "var(--nimbus)", dash: "7 3" },
  stratus: { color: "var(--stratus)", dash: "2.5 2.5" },
} as const;

export const OTHER_LOOK = {
  producers: { color: "var(--producers)" },
  devFund: { color: "var(--dev-fund)" },
  funds: { color: "var(--funds)" },
} as const;

/** FLUX of a column of satoshi. */
export const fluxColumn = (amounts: BigUint64Array): Float64Array => Float64Array.from(amounts, fluxNumber);

/** A step's value from its beginning, so that moments and values pair up: the first step's holds at the first sample too. */
export const withFirst = (steps: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: steps.length + 1 }, (_, i) => steps[Math.max(i - 1, 0)] ?? Number.NaN);

/** A number for reading, with its unit. */
export const withUnit =
  (unit: string) =>
  (value: number): string =>
    `${Math.abs(value) >= 1_000 ? grouped(Math.round(value)) : compact(value, 5)}${unit === "" ? "" : `\u00a0${unit}`}`;

export const tick = (value: number): string => compact(value, 6);

/** Halvings, upgrades and funding at their moments. */
export const marksOf = ({ events, samples }: RunRecord): Mark[] =>
  milestones(events).map(({ height, label, alarm }) => ({
    seconds: secondsAtHeight(samples, height),
    label,
    alarm,
  }));
