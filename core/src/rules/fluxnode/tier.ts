import type { Params } from "../../params/params.ts";
import { flux, type Satoshi } from "../../primitives/money.ts";
import { type PerTier, TIERS, type Tier } from "../../primitives/tier.ts";

// Which amount makes which tier. Source: fluxd src/coins.cpp GetCoinAmountsByTier, GetCoinTierFromAmount.

/** Collateral before a tier's transition. */
export const OLD_COLLATERAL: PerTier<Satoshi> = {
  cumulus: flux(10_000n),
  nimbus: flux(25_000n),
  stratus: flux(100_000n),
};

/** Collateral after a tier's transition. */
export const NEW_COLLATERAL: PerTier<Satoshi> = {
  cumulus: flux(1_000n),
  nimbus: flux(12_500n),
  stratus: flux(40_000n),
};

/** Amounts that make a node of `tier` in block `height`: both during the tier's transition window, else one. */
export function acceptedCollateral(params: Params, height: number, tier: Tier): readonly Satoshi[] {
  const { begin, end } = params.fluxnodes.transitions[tier];
  if (height < begin) return [OLD_COLLATERAL[tier]];
  if (height < end) return [OLD_COLLATERAL[tier], NEW_COLLATERAL[tier]];
  return [NEW_COLLATERAL[tier]];
}

/** The tier of an output of exactly `amount` in block `height`, or undefined: there is no "at least". */
export const collateralTier = (params: Params, height: number, amount: bigint): Tier | undefined =>
  TIERS.find((tier) => acceptedCollateral(params, height, tier).some((accepted) => accepted === amount));

/** Blocks after the last transition in which confirmed nodes are still examined. */
const ENFORCEMENT_GRACE = 10;

/** Whether block `height` looks at the collateral amounts of confirmed nodes at all. Source: as below. */
function transitionsEnforced({ fluxnodes }: Params, height: number): boolean {
  const { cumulus, stratus } = fluxnodes.transitions;
  return height >= cumulus.begin && height < stratus.end + ENFORCEMENT_GRACE;
}

/**
 * Whether block `height` can find a confirmed node that {@link expiresByTransition}. fluxd looks in every block in which
 * transitions are enforced; it can find one in the first of them after a tier's window only, because from then on no confirm of
 * the old amount is valid (collateral.ts) and the nodes confirmed before are gone.
 */
export function collateralsExamined(params: Params, height: number): boolean {
  if (!transitionsEnforced(params, height)) return false;
  const { transitions } = params.fluxnodes;
  return TIERS.some((tier) => height === Math.max(transitions[tier].end, transitions.cumulus.begin));
}

/**
 * Whether block `height` expires a confirmed node of `tier` because its collateral is an amount that no tier takes any
 * more. Source: fluxd src/fluxnode/fluxnode.cpp GetUndoDataForExpiredConfirmFluxnodes.
 */
export const expiresByTransition = (params: Params, height: number, tier: Tier, amount: bigint): boolean =>
  transitionsEnforced(params, height) &&
  height >= params.fluxnodes.transitions[tier].end &&
  collateralTier(params, height, amount) === undefined;
