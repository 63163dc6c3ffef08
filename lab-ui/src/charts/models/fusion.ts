import { compact, fluxNumber } from "@fluxlab/reports/metrics";
import type { FusionChainRecord, RunRecord } from "@fluxlab/sim";
import { bisectRight } from "d3-array";
import { text } from "../../text/en.ts";
import type { FlowAmounts } from "../swapFlows.ts";
import type { Series, TimeChart } from "../timeChart.ts";
import { fluxColumn, marksOf, OTHER_LOOK, TIER_LOOK, tick, withUnit } from "./common.ts";

// Swaps that a relayer pays from what it has at hand.

/** A colour and a dash for each chain; with more than six they come again. */
const LOOKS = [...Object.values(TIER_LOOK), ...Object.values(OTHER_LOOK)];

const ofChains = (record: RunRecord, column: (chain: FusionChainRecord) => ArrayLike<number>): Series[] =>
  (record.fusion?.chains ?? []).map((chain, i) => ({
    name: chain.symbol,
    ...LOOKS[i % LOOKS.length]!,
    x: record.samples.seconds,
    y: column(chain),
  }));

export const atHandChart = (record: RunRecord): TimeChart => ({
  id: "fusion-at-hand",
  ...text.fusion.atHand,
  lines: ofChains(record, ({ atHand }) => fluxColumn(atHand)),
  format: withUnit("FLUX"),
  tick,
});

export const waitingChart = (record: RunRecord): TimeChart => ({
  id: "fusion-waiting",
  ...text.fusion.waiting,
  lines: ofChains(record, ({ waiting }) => waiting),
  format: withUnit("swaps"),
  tick,
});

/** What is locked on each chain and not yet unlocked elsewhere. */
export const inFlightChart = (record: RunRecord): TimeChart => ({
  id: "fusion-in-flight",
  ...text.fusion.inFlight,
  lines: ofChains(record, ({ inFlight }) => fluxColumn(inFlight)),
  format: withUnit("FLUX"),
  tick,
});

/** All coins that circulate, chain on chain, under what may circulate at most. */
export function circulatingChart(record: RunRecord): TimeChart | undefined {
  const cap = record.fusion?.circulationCap;
  if (cap === undefined) return undefined;
  return {
    id: "fusion-circulating",
    ...text.fusion.circulating,
    lines: ofChains(record, ({ circulating }) => fluxColumn(circulating)),
    stacked: true,
    cap: { value: fluxNumber(cap), label: text.charts.cap(compact(fluxNumber(cap))) },
    marks: marksOf(record),
    format: withUnit("FLUX"),
    tick: compact,
  };
}

/** How many coins each chain has more or less than at the first sample. */
export const movedChart = (record: RunRecord): TimeChart => ({
  id: "fusion-moved",
  ...text.fusion.moved,
  lines: ofChains(record, ({ circulating }) => {
    const first = circulating[0] ?? 0n;
    return Float64Array.from(circulating, (amount) => fluxNumber(amount - first));
  }),
  format: withUnit("FLUX"),
  tick,
});

/** Colour of a chain, the same in its lines and its ribbons. */
export const chainColor = (place: number): string => LOOKS[place % LOOKS.length]!.color;

const sampleAt = ({ samples }: RunRecord, seconds: number): number =>
  Math.max(bisectRight(samples.seconds, seconds + 1e-6) - 1, 0);

/** Every flow up to a moment, FLUX. */
export function flowsAt(record: RunRecord, seconds: number): FlowAmounts[] {
  const at = sampleAt(record, seconds);
  return (record.fusion?.flows ?? []).map((flow): FlowAmounts => {
    const [locked, unlocked, returned] = [flow.lockedAmount, flow.unlockedAmount, flow.returnedAmount].map(
      (column) => column[at] ?? 0n,
    ) as [bigint, bigint, bigint];
    const { source, target } = flow;
    return {
      source,
      target,
      unlocked: fluxNumber(unlocked),
      inFlight: fluxNumber(locked - unlocked - returned),
    };
  });
}

/** What a chain has at a moment, satoshi. */
export interface SwapChain {
  readonly symbol: string;
  readonly circulating: bigint;
  /** In its swap pool, without what is in flight. */
  readonly pool: bigint;
  readonly inFlight: bigint;
  readonly atHand: bigint;
  /** Swaps to it that wait, and what they want. */
  readonly waiting: number;
  readonly waitingAmount: bigint;
}

export function swapChainsAt(record: RunRecord, seconds: number): SwapChain[] {
  const at = sampleAt(record, seconds);
  return (record.fusion?.chains ?? []).map((chain) => ({
    symbol: chain.symbol,
    circulating: chain.circulating[at]!,
    pool: chain.swapLocked[at]! - chain.inFlight[at]!,
    inFlight: chain.inFlight[at]!,
    atHand: chain.atHand[at]!,
    waiting: chain.waiting[at]!,
    waitingAmount: chain.waitingAmount[at]!,
  }));
}
