import {
  ALLOCATION,
  type AllocationRow,
  type AssetChain,
  allocationOverChains,
  DEFAULT_CHAINS,
  NATIVE_CHAIN,
  parallelReward,
  TIERS,
} from "@fluxlab/core";
import { fluxNumber } from "@fluxlab/reports/metrics";
import type { RunRecord } from "@fluxlab/sim";
import { bisectRight } from "d3-array";
import { text } from "../../text/en.ts";
import type { TimeChart } from "../timeChart.ts";
import { marksOf, OTHER_LOOK, tick, withUnit } from "./common.ts";

// The parallel assets of a run: what its rewards carry on other chains, beside the whitepaper's table. Amounts are satoshi.

type State = "native" | "released" | "waiting";

/** A chain's 440,000,000 FLUX at one moment. */
export interface ChainAssets {
  readonly chain: AssetChain;
  readonly state: State;
  /** Of what rewards of the run have earned there so far. */
  readonly claimed: bigint;
  readonly unclaimed: bigint;
  readonly holders: bigint;
  /** Of the table's outstanding supply, less what the run has earned. */
  readonly outstanding: bigint;
  readonly reserve: bigint;
  readonly swap: bigint;
  readonly total: bigint;
}

const amountOf = (row: AllocationRow["row"], chain: number): bigint =>
  ALLOCATION.find((each) => each.row === row)![chain === NATIVE_CHAIN ? "native" : "eachParallel"];

/** What rewards carry on one released chain up to sample `at`: of FluxNodes, and of producers. */
function earnedBy({ scenario, samples }: RunRecord, at: number): { fluxnodes: bigint; mining: bigint } {
  const model = scenario.parallelAssets?.model ?? "wp2-equal";
  const paid = TIERS.reduce((sum, tier) => sum + (samples.tiers[tier].paid[at] ?? 0n), 0n);
  return {
    fluxnodes: parallelReward(model, "fluxnodes", paid),
    mining: parallelReward(model, "mining", samples.toProducers[at] ?? 0n),
  };
}

const releasedOf = ({ scenario }: RunRecord): number => scenario.parallelAssets?.released ?? 0;

/**
 * Every chain at a moment, in order of release.
 * @param claimedPercent of what was earned, 0 to 100: claiming is up to owners, and a run has no opinion
 */
export function chainAssetsAt(record: RunRecord, seconds: number, claimedPercent: number): ChainAssets[] {
  const at = Math.max(bisectRight(record.samples.seconds, seconds + 1e-6) - 1, 0);
  const { fluxnodes, mining } = earnedBy(record, at);
  return DEFAULT_CHAINS.map((chain): ChainAssets => {
    const { id } = chain;
    const state = id === NATIVE_CHAIN ? "native" : id <= releasedOf(record) ? "released" : "waiting";
    const earned = state === "released" ? fluxnodes + mining : 0n;
    const claimed = (earned * BigInt(Math.round(claimedPercent * 100))) / 10_000n;
    return {
      chain,
      state,
      claimed,
      unclaimed: earned - claimed,
      holders: amountOf("holders", id),
      outstanding: amountOf("outstanding", id) - earned,
      reserve: amountOf("foundation", id) + amountOf("exchange", id),
      swap: amountOf("swap", id),
      total: amountOf("total", id),
    };
  });
}

/** The most that can be on a chain, and what it is made of. */
export function mostOn(chain: AssetChain): {
  most: bigint;
  natural: bigint;
  swap: bigint;
  everywhere: bigint;
} {
  const natural = ALLOCATION.find(({ row }) => row === "natural")!;
  return {
    most: amountOf("total", chain.id),
    natural: amountOf("natural", chain.id),
    swap: amountOf("swap", chain.id),
    everywhere: allocationOverChains(natural, DEFAULT_CHAINS.length - 1),
  };
}

/** What the run's rewards earned on all released chains together; undefined where none is released. */
export function earnedChart(record: RunRecord): TimeChart | undefined {
  const released = releasedOf(record);
  if (released === 0) return undefined;
  const { seconds: x } = record.samples;
  const column = (pick: "fluxnodes" | "mining") =>
    Float64Array.from(x, (_, i) => fluxNumber(earnedBy(record, i)[pick] * BigInt(released)));
  return {
    id: "parallel-earned",
    ...text.assets.chart,
    lines: [
      { name: text.assets.fluxnodes, color: "var(--accent)", x, y: column("fluxnodes") },
      { name: text.charts.producers, ...OTHER_LOOK.producers, dash: "7 3", x, y: column("mining") },
    ],
    marks: marksOf(record),
    format: withUnit("FLUX"),
    tick,
  };
}
