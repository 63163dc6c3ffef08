import { TIERS } from "@fluxlab/core";
import { compact, duration, TIER_NAME } from "@fluxlab/reports/metrics";
import type { SpreadRecord } from "@fluxlab/sim";
import type { SpreadHistory } from "../../network/spreadHistory.ts";
import { text } from "../../text/en.ts";
import type { TimeChart } from "../timeChart.ts";
import { TIER_LOOK, tick, withUnit } from "./common.ts";

// The charts of a run in which messages travel.

const words = text.network.charts;

const inSeconds = (value: number): string => (value < 10 ? `${compact(value, 3)} s` : duration(value));

export function spreadTimesChart({ blocks }: SpreadRecord): TimeChart {
  const { minedSeconds: x } = blocks;
  const { title, note, half, most, nearly, all } = words.spread;
  return {
    id: "propagation",
    title,
    note,
    lines: [
      { name: half, color: "var(--lane-1)", x, y: blocks.p50 },
      { name: most, color: "var(--lane-3)", dash: "7 3", x, y: blocks.p90 },
      { name: nearly, color: "var(--lane-2)", dash: "2.5 2.5", x, y: blocks.p99 },
      { name: all, color: "var(--lane-7)", dash: "9 3 2 3", x, y: blocks.all },
    ],
    format: inSeconds,
    tick,
  };
}

/** Undefined where nodes have no chains. */
export function agreementCharts({ agreement }: SpreadRecord): TimeChart[] {
  if (agreement === undefined) return [];
  const { seconds: x, apart, up, depth, queues } = agreement;
  const nodes = withUnit("nodes");
  const hasQueues = TIERS.some((tier) => queues[tier].some((count) => count > 0));
  const queueChart: TimeChart = {
    id: "fluxnode-queues",
    ...words.queues,
    lines: TIERS.map((tier) => ({ name: TIER_NAME[tier], ...TIER_LOOK[tier], x, y: queues[tier] })),
    format: nodes,
    tick,
  };
  return [
    {
      id: "apart",
      title: words.apart.title,
      note: words.apart.note,
      lines: [
        { name: words.apart.apart, color: "var(--alarm)", x, y: apart },
        { name: words.apart.up, color: "var(--accent)", dash: "7 3", x, y: up },
      ],
      format: nodes,
      tick,
    },
    {
      id: "fork-depth",
      ...words.depth,
      lines: [{ name: words.depth.title, color: "var(--alarm)", x, y: depth }],
      format: withUnit("blocks"),
      tick,
    },
    ...(hasQueues ? [queueChart] : []),
  ];
}

/** Messages and, where the model has sizes, bytes a second. */
export function trafficCharts({ traffic }: SpreadHistory): TimeChart[] {
  const { seconds, messages, bytes } = traffic;
  const x = seconds.slice(1);
  const rate = (counts: readonly number[]) =>
    Float64Array.from(x, (at, i) => (counts[i + 1]! - counts[i]!) / Math.max(at - seconds[i]!, 1e-6));
  const chart = (
    id: string,
    about: { title: string; note: string },
    counts: readonly number[],
  ): TimeChart => ({
    id,
    ...about,
    lines: [{ name: about.title, color: "var(--accent)", x, y: rate(counts) }],
    format: withUnit("/s"),
    tick,
  });
  const both = [chart("messages", words.traffic, messages)];
  return (bytes.at(-1) ?? 0) > 0 ? [...both, chart("bytes", words.bytes, bytes)] : both;
}
