import { type PerTier, perTier, TIERS } from "@fluxlab/core";
import { type TierReturn, tierReturn } from "@fluxlab/reports/metrics";
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

/** Each tier's return as the report would tell it, had the scenario named these dollars. */
export function returnsWith(record: RunRecord, dollars: Dollars): TierReturn[] {
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
  return TIERS.map((tier) => tierReturn(asked, tier));
}
