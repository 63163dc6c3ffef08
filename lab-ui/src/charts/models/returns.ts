import { type PerTier, perTier, TIERS, type Tier } from "@fluxlab/core";
import { fluxNumber, type TierReturn, tierReturn } from "@fluxlab/reports/metrics";
import type { RunRecord } from "@fluxlab/sim";

/** What the reader may change about dollars without playing again. */
export interface Dollars {
  /** Of one FLUX. */
  readonly price: number;
  readonly monthlyCost: PerTier<number>;
  /** Parallel chains whose assets count, 0 to 10. */
  readonly released: number;
}

/** The scenario's own, or zeros. */
export function dollarsOf({ scenario: { economics, parallelAssets } }: RunRecord): Dollars {
  const read = (text: string | undefined) => (text === undefined ? 0 : Number.parseFloat(text));
  return {
    price: read(economics?.price),
    monthlyCost: perTier((tier) => read(economics?.monthlyCost[tier])),
    released: parallelAssets?.released ?? 0,
  };
}

/** What a break-even is drawn over: the price of one FLUX in US dollars, or the confirmed nodes of a tier. */
export type ReturnAxis = "price" | "nodes";

/** Points of a curve. */
const POINTS = 81;
/** From a quarter of what is so to four times that, in equal factors. */
const WIDEST = 4;

/** A tier's years until net income has paid the collateral; NaN where it never does. */
export interface BreakEvenCurve {
  readonly tier: Tier;
  readonly x: readonly number[];
  readonly years: readonly number[];
  /** FLUX a year at each point, parallel assets included. */
  readonly flux: readonly number[];
}

/**
 * Each tier's break-even over prices or over numbers of its nodes. A tier is paid the same whatever its number, so a node's part
 * is what the tier was paid over the nodes that are asked about.
 */
export function breakEvenCurves(record: RunRecord, dollars: Dollars, axis: ReturnAxis): BreakEvenCurve[] {
  return TIERS.flatMap((tier): BreakEvenCurve[] => {
    const now = axis === "price" ? dollars.price : record.tiers[tier].confirmedSeconds / record.seconds;
    if (!(now > 0)) return [];
    const x = Array.from({ length: POINTS }, (_, i) => now * WIDEST ** ((2 * i) / (POINTS - 1) - 1));
    const returns = x.map((at) =>
      axis === "price"
        ? tierWith(record, { ...dollars, price: at }, tier)
        : tierWith(withNodes(record, tier, at), dollars, tier),
    );
    const years = returns.map(({ usd }) => usd?.breakEvenYearsWithParallel ?? Number.NaN);
    const flux = returns.map(({ native = 0n, parallel = 0n }) => fluxNumber(native + parallel));
    return [{ tier, x, years, flux }];
  });
}

/** As if that many nodes of the tier had been confirmed through the whole run. */
function withNodes(record: RunRecord, tier: Tier, nodes: number): RunRecord {
  const totals = { ...record.tiers[tier], confirmedSeconds: nodes * record.seconds };
  return { ...record, tiers: { ...record.tiers, [tier]: totals } };
}

/** Each tier's return as the report would tell it, had the scenario named these dollars. */
export const returnsWith = (record: RunRecord, dollars: Dollars): TierReturn[] =>
  TIERS.map((tier) => tierWith(record, dollars, tier));

function tierWith(record: RunRecord, dollars: Dollars, tier: Tier): TierReturn {
  const { scenario } = record;
  const usd = (amount: number) => `${amount} USD`;
  const asked: RunRecord = {
    ...record,
    scenario: {
      ...scenario,
      economics: {
        price: usd(dollars.price),
        monthlyCost: perTier((tier) => usd(dollars.monthlyCost[tier])),
      },
      parallelAssets: {
        model: scenario.parallelAssets?.model ?? "wp2-equal",
        released: dollars.released,
      },
    },
  };
  return tierReturn(asked, tier);
}
