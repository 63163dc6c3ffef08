import { TIERS } from "@fluxlab/core";
import type { AnyRecord, RunRecord, SpreadRecord } from "@fluxlab/sim";
import { fluxNumber } from "../format.ts";
import { minings, splits } from "./agreement.ts";
import { fairness } from "./fairness.ts";
import { dryChains, type Fusion } from "./fusion.ts";
import { tierReturn } from "./roi.ts";
import { spreadFigures } from "./spread.ts";
import { waitSummary } from "./waits.ts";

/** A run in numbers, by name; undefined where the run has no such figure. The same scenario gives the same names. */
export type RunFigures = Readonly<Record<string, number | undefined>>;

/** What a sweep compares: each figure's unit is in its name. */
export const runFigures = (record: AnyRecord): RunFigures =>
  record.fidelity === "economy" ? economyFigures(record) : networkFigures(record);

function economyFigures(record: RunRecord): RunFigures {
  const fair = fairness(record);
  return {
    supplyAfterFlux: fluxNumber(record.supply.after),
    issuedFlux: fluxNumber(record.supply.after - record.supply.before),
    expiries: record.counts.expiries,
    ...(record.fusion === undefined ? {} : fusionFigures(record.fusion)),
    ...Object.assign(
      {},
      ...TIERS.map((tier) => {
        const { native } = tierReturn(record, tier);
        const { queue } = record.samples.tiers[tier];
        return {
          [`${tier}WaitMedianHours`]: hours(waitSummary(record.tiers[tier].waits)?.median),
          [`${tier}WaitP95Hours`]: hours(waitSummary(record.tiers[tier].waits)?.p95),
          [`${tier}FluxPerNodeYear`]: native === undefined ? undefined : fluxNumber(native),
          [`${tier}QueueLeast`]: queue.reduce(
            (least, each) => Math.min(least, each),
            Number.POSITIVE_INFINITY,
          ),
          [`${tier}QueueAtEnd`]: queue.at(-1)!,
          [`${tier}JainIndex`]: fair.find((each) => each.tier === tier)?.jain,
        };
      }),
    ),
  };
}

/** Of all chains together; the first to run dry is told by when. */
function fusionFigures(fusion: Fusion): RunFigures {
  const sum = (of: (chain: Fusion["chains"][number]) => number) =>
    fusion.chains.reduce((total, chain) => total + of(chain), 0);
  return {
    firstDryHours: hours(dryChains(fusion)[0]?.seconds),
    dryHours: hours(sum(({ drySeconds }) => drySeconds)),
    swapsPaid: sum(({ paid }) => paid),
    swapsWaited: sum(({ waited }) => waited),
    longestSwapWaitHours: hours(
      Math.max(...fusion.chains.map(({ longestWaitSeconds }) => longestWaitSeconds)),
    ),
    swapsCancelled: sum(({ cancelled }) => cancelled),
    refills: sum(({ refillCount }) => refillCount),
  };
}

const hours = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds / 3_600;

function networkFigures(record: SpreadRecord): RunFigures {
  const { blocks, staleBlocks, staleRate, meanSeconds } = spreadFigures(record);
  const { reorganisations, messages, agreement } = record;
  const found = agreement === undefined ? [] : splits(agreement);
  const bytes = messages.reduce((sum, kind) => sum + (kind.bytes ?? Number.NaN), 0);
  return {
    blocks,
    staleBlocks,
    stalePercent: staleRate * 100,
    splits: agreement === undefined ? undefined : found.length,
    splitNodes: agreement === undefined ? undefined : Math.max(0, ...found.map(({ nodes }) => nodes)),
    splitDepth: agreement === undefined ? undefined : Math.max(0, ...found.map(({ depth }) => depth)),
    apartAtEnd: agreement?.apart.at(-1),
    ...miningFigures(record),
    p50Seconds: known(meanSeconds.p50),
    p90Seconds: known(meanSeconds.p90),
    p99Seconds: known(meanSeconds.p99),
    reorganisations: reorganisations?.reduce((sum, [, times]) => sum + times, 0),
    deepestReorganisation: reorganisations?.reduce((deepest, [depth]) => Math.max(deepest, depth), 0),
    messages: messages.reduce((sum, kind) => sum + kind.messages, 0),
    megabytes: known(bytes / 1e6),
  };
}

/** Of the first fault that names its miners. */
function miningFigures(record: SpreadRecord): RunFigures {
  const [first] = minings(record);
  return {
    attackerMinedPercent: first && first.minedByAll > 0 ? (first.mined / first.minedByAll) * 100 : undefined,
    attackerKeptPercent: first && first.keptByAll > 0 ? (first.kept / first.keptByAll) * 100 : undefined,
  };
}

const known = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);
