import { TIERS, type Tier } from "@fluxlab/core";
import type { ChainEvent, RunRecord } from "@fluxlab/sim";
import { bisectLeft } from "d3-array";
import { DAY, fluxNumber } from "../format.ts";

// What a shock did to the queues and to those who stayed, seen at the sample heights.

type ShockEvent = Extract<ChainEvent, { readonly type: "shock" }>;

/** A tier's queue and what a node in it got, at a sample. */
export interface TierMoment {
  readonly sample: number;
  readonly queue: number;
  /** FLUX a day and node at the pace of the blocks and the share of that height; undefined where nobody was in the queue. */
  readonly perDay: number | undefined;
}

/** A tier that a shock hit. */
export interface ShockEffect {
  readonly shock: ShockEvent;
  readonly tier: Tier;
  readonly before: TierMoment;
  /** The shortest queue from the shock to the next one of the tier, or the end. */
  readonly least: TierMoment;
  /** The first moment after that with 99 % of the queue from before; undefined: not in that time. */
  readonly recovered: TierMoment | undefined;
  readonly last: TierMoment;
}

/** The part of its queue with which a tier counts as recovered. */
export const RECOVERED = 0.99;

/** Every tier that each shock was aimed at, but those that were empty, in the order of the shocks. */
export const shockEffects = (record: RunRecord): ShockEffect[] =>
  shockEvents(record).flatMap((shock) =>
    tiersOf(record, shock)
      .map((tier) => effect(record, shock, tier))
      .filter(({ before }) => before.queue > 0),
  );

const shockEvents = ({ events }: RunRecord): ShockEvent[] => events.filter((event) => event.type === "shock");

const tiersOf = ({ scenario }: RunRecord, { shock }: ShockEvent): readonly Tier[] =>
  scenario.shocks?.[shock]?.tiers ?? TIERS;

function effect(record: RunRecord, shock: ShockEvent, tier: Tier): ShockEffect {
  const { height } = record.samples;
  const next = shockEvents(record).find(
    (other) => other.height > shock.height && tiersOf(record, other).includes(tier),
  );
  // A sample at the very height has what the shock did in its block.
  const begin = Math.max(bisectLeft(height, shock.height) - 1, 0);
  const end = next === undefined ? height.length - 1 : Math.max(bisectLeft(height, next.height) - 1, begin);
  const moments = Array.from({ length: end - begin + 1 }, (_, i) => moment(record, tier, begin + i));
  const [before, last] = [moments[0]!, moments.at(-1)!];
  const least = moments.reduce((found, each) => (each.queue < found.queue ? each : found));
  const recovered =
    least.queue >= before.queue * RECOVERED
      ? undefined
      : moments.find(({ sample, queue }) => sample > least.sample && queue >= before.queue * RECOVERED);
  return { shock, tier, before, least, recovered, last };
}

function moment({ samples }: RunRecord, tier: Tier, sample: number): TierMoment {
  const queue = samples.tiers[tier].queue[sample]!;
  const share = fluxNumber(samples.tiers[tier].share[sample]!);
  const perDay = queue === 0 ? undefined : (share * blocksPerDay(samples, sample)) / queue;
  return { sample, queue, perDay };
}

/** By the step before the sample; the first sample has only one after it. */
function blocksPerDay({ height, seconds }: RunRecord["samples"], sample: number): number {
  const to = Math.max(sample, 1);
  const elapsed = seconds[to]! - seconds[to - 1]!;
  return elapsed > 0 ? ((height[to]! - height[to - 1]!) * DAY) / elapsed : 0;
}
