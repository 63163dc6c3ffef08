import { TIERS, type Tier } from "@fluxlab/core";
import {
  compact,
  DAY,
  dailyPayouts,
  fluxNumber,
  issuanceSteps,
  percent,
  TIER_NAME,
  YEAR,
  yearlySpread,
} from "@fluxlab/reports/metrics";
import type { RunRecord } from "@fluxlab/sim";
import type { SupplyHistory } from "../../backend/library.ts";
import { text } from "../../text/en.ts";
import type { Series, TimeChart } from "../timeChart.ts";
import { fluxColumn, marksOf, OTHER_LOOK, TIER_LOOK, tick, withFirst, withUnit } from "./common.ts";

// The charts of a run's economy, each from its record.

const OTHERS = [
  ["producers", "toProducers"],
  ["devFund", "toDevFund"],
  ["funds", "toFunds"],
] as const;

const NO_HISTORY: SupplyHistory = {
  seconds: new Float64Array(0),
  supply: new Float64Array(0),
  perDay: new Float64Array(0),
};

/** How much of what was there before the run is in sight, as a part of the way from there to the cap. */
const ABOVE_FLOOR = 0.2;

/** Numbers one after another. */
const joined = (first: ArrayLike<number>, second: ArrayLike<number>): Float64Array =>
  Float64Array.from([...Array.from(first), ...Array.from(second)]);

/** What charts with a history have besides. */
const withHistory = (history: SupplyHistory | undefined): Partial<TimeChart> =>
  history === undefined
    ? {}
    : {
        since: history.seconds[0]!,
        now: { seconds: 0, before: text.chart.history, after: text.chart.projection },
      };

/** `history`: what was before the run, if that is to be shown too. */
export function supplyChart(record: RunRecord, history?: SupplyHistory): TimeChart {
  const { samples, supply } = record;
  const past = history ?? NO_HISTORY;
  const x = joined(past.seconds, samples.seconds);
  const before = fluxNumber(supply.before);
  const cap = fluxNumber(supply.cap);
  const way = Math.max(cap, fluxNumber(supply.after)) - before;
  const floor = history === undefined ? Math.max(0, before - ABOVE_FLOOR * way) : 0;
  const inRun = (amounts: BigUint64Array) =>
    joined(
      past.seconds.map(() => 0),
      fluxColumn(amounts),
    );
  const base = {
    name: text.charts.before,
    color: "var(--past)",
    x,
    y: joined(
      past.supply,
      samples.seconds.map(() => before),
    ),
  };
  const tiers = TIERS.map((tier) => ({
    name: TIER_NAME[tier],
    color: TIER_LOOK[tier].color,
    x,
    y: inRun(samples.tiers[tier].paid),
  }));
  const others = OTHERS.map(([name, column]) => ({
    name: text.charts[name],
    color: OTHER_LOOK[name].color,
    x,
    y: inRun(samples[column]),
  }));
  return {
    id: "supply",
    title: text.charts.supply.title,
    note: text.charts.supply.note(compact(floor, 3)),
    floor,
    lines: [base, ...tiers, ...others].filter(({ y }) => y.some((value) => value > 0)),
    stacked: true,
    cap: { value: cap, label: text.charts.cap(compact(cap)) },
    marks: marksOf(record),
    ...withHistory(history),
    format: withUnit("FLUX"),
    tick,
  };
}

export function issuanceChart(record: RunRecord, history?: SupplyHistory): TimeChart {
  const steps = issuanceSteps(record.samples);
  const past = history ?? NO_HISTORY;
  return {
    id: "issuance",
    ...text.charts.issuance,
    lines: [
      {
        name: text.charts.issuance.title,
        color: "var(--accent)",
        x: joined(past.seconds, record.samples.seconds),
        y: joined(past.perDay, withFirst(steps.map(({ perDay }) => perDay))),
      },
    ],
    ...withHistory(history),
    format: withUnit("FLUX"),
    tick,
  };
}

export function inflationChart(record: RunRecord, history?: SupplyHistory): TimeChart {
  const steps = issuanceSteps(record.samples);
  const past = history ?? NO_HISTORY;
  // In the first year inflation is without measure.
  const rate = past.perDay.map((perDay, i) =>
    past.seconds[i]! < past.seconds[0]! + YEAR ? Number.NaN : (perDay * YEAR) / DAY / past.supply[i]!,
  );
  return {
    id: "inflation",
    ...text.charts.inflation,
    lines: [
      {
        name: text.charts.inflation.title,
        color: "var(--accent)",
        x: joined(past.seconds, record.samples.seconds),
        y: joined(rate, withFirst(steps.map(({ inflation }) => inflation ?? Number.NaN))),
      },
    ],
    ...withHistory(history),
    format: (value) => percent(value, 2),
    tick: (value) => percent(value, value < 0.01 ? 2 : value < 0.1 ? 1 : 0),
  };
}

export function payoutsChart({ samples }: RunRecord): TimeChart {
  const { seconds: x } = samples;
  const tiers = TIERS.map((tier) => ({
    name: TIER_NAME[tier],
    ...TIER_LOOK[tier],
    x,
    y: withFirst(dailyPayouts(samples, tier)),
  }));
  const others = OTHERS.map(([name, column]) => ({
    name: text.charts[name],
    ...OTHER_LOOK[name],
    x,
    y: withFirst(perDay(samples[column], x)),
  }));
  return {
    id: "payouts",
    ...text.charts.payouts,
    lines: [...tiers, ...others.filter(({ y }) => y.some((value) => value > 0))],
    format: withUnit("FLUX"),
    tick,
  };
}

const perDay = (amounts: BigUint64Array, seconds: Float64Array): Float64Array =>
  Float64Array.from({ length: Math.max(amounts.length - 1, 0) }, (_, i) => {
    const days = (seconds[i + 1]! - seconds[i]!) / DAY;
    return fluxNumber(amounts[i + 1]! - amounts[i]!) / days;
  });

const ofTiers = (record: RunRecord, y: (tier: Tier) => ArrayLike<number>): Series[] =>
  TIERS.map((tier) => ({
    name: TIER_NAME[tier],
    ...TIER_LOOK[tier],
    x: record.samples.seconds,
    y: y(tier),
  }));

export const shareChart = (record: RunRecord): TimeChart => ({
  id: "one-payment",
  ...text.charts.share,
  lines: ofTiers(record, (tier) => fluxColumn(record.samples.tiers[tier].share)),
  format: withUnit("FLUX"),
  tick,
});

export const queueChart = (record: RunRecord): TimeChart => ({
  id: "queue-length",
  ...text.charts.queue,
  lines: ofTiers(record, (tier) => record.samples.tiers[tier].queue),
  format: withUnit("nodes"),
  tick,
});

export function listsChart({ samples }: RunRecord): TimeChart {
  const { title, note, started, dos } = text.charts.lists;
  const { seconds: x } = samples;
  return {
    id: "lists",
    title,
    note,
    lines: [
      { name: started, color: "var(--accent)", x, y: samples.started },
      { name: dos, color: "var(--alarm)", dash: "7 3", x, y: samples.dos },
    ],
    format: withUnit("nodes"),
    tick,
  };
}

export function spreadChart(record: RunRecord, tier: Tier): TimeChart {
  const stretches = yearlySpread(record, tier);
  const x = stretches.map(({ seconds }) => seconds);
  const flux = (pick: "low" | "median" | "high") => stretches.map((stretch) => fluxNumber(stretch[pick]));
  const { title, note, range, median } = text.charts.spread;
  const { color } = TIER_LOOK[tier];
  return {
    id: `spread-${tier}`,
    title: title(TIER_NAME[tier]),
    note,
    lines: [{ name: median, color, x, y: flux("median") }],
    bands: [{ name: range, color, opacity: 0.22, x, low: flux("low"), high: flux("high") }],
    format: withUnit("FLUX"),
    tick,
  };
}
