import { TIERS, type Tier } from "@fluxlab/core";
import {
  compact,
  duration,
  fluxNumber,
  grouped,
  issuanceSteps,
  payoutRateBetween,
  percent,
  readableFlux,
  shortFlux,
  TIER_NAME,
} from "@fluxlab/reports/metrics";
import type { RunRecord } from "@fluxlab/sim";
import { bisectRight } from "d3-array";
import { text } from "../../text/en.ts";

/** A key figure at one moment. */
export interface Tile {
  readonly id: string;
  readonly name: string;
  readonly tier?: Tier;
  readonly value: string;
  readonly unit: string;
  readonly details: readonly string[];
}

/** Samples that a node's yearly payout is averaged over. */
const PAYOUT_SAMPLES = 48;

/** The run's key figures at a moment, seconds since the first block. */
export function tilesAt(record: RunRecord, seconds: number): Tile[] {
  const { samples, supply } = record;
  const at = Math.max(bisectRight(samples.seconds, seconds + 1e-6) - 1, 0);
  const step = issuanceSteps(samples)[Math.max(at - 1, 0)];
  const total = samples.supply[at] ?? supply.before;
  const tiles: Tile[] = [
    {
      id: "supply",
      name: text.tiles.supply,
      value: grouped(Math.round(fluxNumber(total))),
      unit: "FLUX",
      details: [text.tiles.ofCap(percent(Number(total) / Number(supply.cap), 2))],
    },
    {
      id: "inflation",
      name: text.tiles.inflation,
      value: step?.inflation === undefined ? "–" : percent(step.inflation, 2),
      unit: "",
      details: step === undefined ? [] : [text.tiles.issued(compact(step.perDay, 5))],
    },
  ];
  return [...tiles, ...TIERS.map((tier) => tierTile(record, tier, at))];
}

function tierTile({ samples }: RunRecord, tier: Tier, at: number): Tile {
  const { queue, share } = samples.tiers[tier];
  const rate = payoutRateBetween(samples, tier, Math.max(at - PAYOUT_SAMPLES, 0), at);
  const spacing = blockSeconds(samples, at);
  const count = queue[at] ?? 0;
  const queued =
    spacing === undefined || count === 0
      ? text.tiles.queued(grouped(count))
      : text.tiles.queuedAndPaid(grouped(count), duration(count * spacing));
  return {
    id: tier,
    name: TIER_NAME[tier],
    tier,
    value: rate === undefined ? "–" : readableFlux(rate),
    unit: `FLUX ${text.tiles.perYear}`,
    details: [text.tiles.perPayment(shortFlux(share[at] ?? 0n)), queued],
  };
}

/** Between blocks around a sample. */
function blockSeconds({ seconds, height }: RunRecord["samples"], at: number): number | undefined {
  const to = Math.max(at, 1);
  const blocks = (height[to] ?? 0) - (height[to - 1] ?? 0);
  return blocks > 0 ? (seconds[to]! - seconds[to - 1]!) / blocks : undefined;
}
