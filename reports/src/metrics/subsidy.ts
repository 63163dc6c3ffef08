import { type PerTier, perTier } from "@fluxlab/core";
import type { ChainEvent, RunRecord } from "@fluxlab/sim";
import { payoutRateBetween } from "./payout.ts";

type SubsidyEvent = Extract<ChainEvent, { readonly type: "subsidy" }>;

/**
 * A change of the subsidy, or many in consecutive blocks (slow start changes it in every one). `from` and `to`, satoshi, are
 * those before the first and after the last.
 */
export interface SubsidyChange {
  readonly kind: "slowStart" | "halving" | "reduction" | "other";
  readonly firstHeight: number;
  readonly lastHeight: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** The run's subsidy changes in order, those of consecutive blocks as one. */
export function subsidyChanges(events: readonly ChainEvent[]): SubsidyChange[] {
  const runs: SubsidyEvent[][] = [];
  for (const event of events) {
    if (event.type !== "subsidy") continue;
    const run = runs.at(-1);
    if (run?.at(-1)?.height === event.height - 1) run.push(event);
    else runs.push([event]);
  }
  return runs.map((run) => {
    const [first, last] = [run[0]!, run.at(-1)!];
    return {
      kind: run.length > 1 ? "slowStart" : kindOf(first),
      firstHeight: first.height,
      lastHeight: last.height,
      from: first.from,
      to: last.to,
    };
  });
}

function kindOf({ from, to }: SubsidyEvent): SubsidyChange["kind"] {
  if (from / 2n === to) return "halving";
  return (from * 9n) / 10n === to ? "reduction" : "other";
}

/** A part of the run in which the subsidy stayed the same. */
export interface SubsidyEra {
  readonly firstHeight: number;
  readonly lastHeight: number;
  /** Satoshi a block. */
  readonly subsidy: bigint;
  /** Satoshi per node and year; undefined where nobody queued, or if the era is shorter than two samples. */
  readonly payout: PerTier<bigint | undefined>;
}

/** The run between its subsidy changes; empty if the subsidy never changed. Slow start is not an era. */
export function subsidyEras({ events, samples, firstHeight, lastHeight }: RunRecord): SubsidyEra[] {
  const changes = subsidyChanges(events);
  const bounds = changes.map(({ lastHeight: first, to }, i) => ({
    first,
    last: (changes[i + 1]?.firstHeight ?? lastHeight + 1) - 1,
    subsidy: to,
  }));
  const opening = changes[0];
  if (opening !== undefined && opening.kind !== "slowStart") {
    bounds.unshift({ first: firstHeight, last: opening.firstHeight - 1, subsidy: opening.from });
  }
  return bounds.map(({ first, last, subsidy }) => {
    const firstSample = samples.height.findIndex((height) => height >= first);
    const lastSample = samples.height.findLastIndex((height) => height <= last);
    return {
      firstHeight: first,
      lastHeight: last,
      subsidy,
      payout: perTier((tier) => payoutRateBetween(samples, tier, firstSample, lastSample)),
    };
  });
}
