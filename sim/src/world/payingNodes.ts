import { COIN, type PerTier, TIERS } from "@fluxlab/core";

/** What running nodes is weighed against, in millionths of a dollar. */
export interface Upkeep {
  /** Of one FLUX. */
  readonly price: bigint;
  /** Of running one node. */
  readonly monthlyCost: PerTier<bigint>;
}

const MONTH_SECONDS = 30 * 86_400;
/** More than there will ever be collaterals for. */
const MOST_PAYING = 1_000_000;

/** By tier index, how many nodes could be run for what a tier gets in a month. `shares`: satoshi a block; `spacing`: seconds from block to block. */
export const payingNodes = (
  { price, monthlyCost }: Upkeep,
  shares: readonly bigint[],
  spacing: number,
): number[] =>
  TIERS.map((tier, i) => {
    const income = shares[i]! * BigInt(Math.floor(MONTH_SECONDS / spacing)) * price;
    const cost = monthlyCost[tier] * COIN;
    const nodes = cost === 0n ? MOST_PAYING : Number(income / cost);
    return Math.min(nodes, MOST_PAYING);
  });
