import { parallelReward, type Tier } from "@fluxlab/core";
import type { RunRecord } from "@fluxlab/sim";
import { fluxNumber, MONTH, YEAR } from "../format.ts";
import { payoutPerNodeYear } from "./payout.ts";

/** What a year of a confirmed node of one tier brings. */
export interface TierReturn {
  readonly tier: Tier;
  /** Locked by one node, satoshi. */
  readonly collateral: bigint;
  /** Satoshi per node-year on the native chain; undefined if the tier had no confirmed node, and then all below is too. */
  readonly native: bigint | undefined;
  /** Satoshi of all released parallel assets together per node-year; undefined if the scenario names none. */
  readonly parallel: bigint | undefined;
  /** Per year, as a part of the collateral: 0.16 is 16 %. */
  readonly nativeRoi: number | undefined;
  readonly totalRoi: number | undefined;
  /** In US dollars; undefined if the scenario gives no prices. */
  readonly usd: DollarReturn | undefined;
}

/** A node's dollars at a constant price, per twelfth of a year. */
interface DollarReturn {
  /** Worth of the native payouts. */
  readonly gross: number;
  /** Worth of the parallel assets at the price of the native one. */
  readonly parallel: number;
  readonly cost: number;
  /** Gross less cost. */
  readonly net: number;
  /** Net and parallel. */
  readonly netWithParallel: number;
  /** Worth of the collateral. */
  readonly collateral: number;
  /** Years of native net income that pay the collateral; undefined if it never does. */
  readonly breakEvenYears: number | undefined;
  readonly breakEvenYearsWithParallel: number | undefined;
}

/** Return on collateral of one tier, over the whole run. */
export function tierReturn(record: RunRecord, tier: Tier): TierReturn {
  const collateral = record.collateral[tier];
  const native = payoutPerNodeYear(record.tiers[tier]);
  const parallel = native === undefined ? undefined : parallelPayout(record, native);
  const total = native === undefined ? undefined : native + (parallel ?? 0n);
  return {
    tier,
    collateral,
    native,
    parallel,
    nativeRoi: ratio(native, collateral),
    totalRoi: ratio(total, collateral),
    usd: native === undefined ? undefined : dollarReturn(record, tier, native, parallel ?? 0n),
  };
}

/** Satoshi on all released chains together that `native` satoshi of FluxNode rewards carry; undefined without parallel assets. */
export function parallelPayout({ scenario }: RunRecord, native: bigint): bigint | undefined {
  if (scenario.parallelAssets === undefined) return undefined;
  const { model, released } = scenario.parallelAssets;
  return parallelReward(model, "fluxnodes", native) * BigInt(released);
}

function dollarReturn(
  { scenario, collateral }: RunRecord,
  tier: Tier,
  native: bigint,
  parallelYear: bigint,
): DollarReturn | undefined {
  if (scenario.economics === undefined) return undefined;
  const price = readUsd(scenario.economics.price);
  const monthly = (perYear: bigint) => fluxNumber(perYear) * price * (MONTH / YEAR);
  const gross = monthly(native);
  const parallel = monthly(parallelYear);
  const cost = readUsd(scenario.economics.monthlyCost[tier]);
  const locked = fluxNumber(collateral[tier]) * price;
  return {
    gross,
    parallel,
    cost,
    net: gross - cost,
    netWithParallel: gross + parallel - cost,
    collateral: locked,
    breakEvenYears: breakEvenYears(locked, gross - cost),
    breakEvenYearsWithParallel: breakEvenYears(locked, gross + parallel - cost),
  };
}

/** Years until `monthlyNet` dollars a month have added up to `cost`; undefined if they never do. */
export const breakEvenYears = (cost: number, monthlyNet: number): number | undefined =>
  monthlyNet > 0 ? cost / monthlyNet / (YEAR / MONTH) : undefined;

/** "0.7 USD" -> 0.7; the scenario's schema has accepted the text. */
const readUsd = (text: string): number => Number.parseFloat(text);

const ratio = (part: bigint | undefined, whole: bigint): number | undefined =>
  part === undefined || whole === 0n ? undefined : Number(part) / Number(whole);
