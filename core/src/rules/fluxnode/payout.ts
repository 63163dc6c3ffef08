import type { Params } from "../../params/params.ts";
import { ponHeightReached, upgradeActive } from "../../params/upgrades.ts";
import { COIN, flux, type Satoshi } from "../../primitives/money.ts";
import { type PerTier, perTier, TIERS, type Tier } from "../../primitives/tier.ts";
import { type Fund, specialFundingAt } from "../funds.ts";
import { blockSubsidy, subsidyRunEnd } from "../subsidy.ts";

/** Share of the subsidy before the Flux upgrade, which doubles it. Source: fluxd src/coins.cpp GetCoinTierPercentage. */
const POW_SHARE: PerTier<number> = { cumulus: 0.0375, nimbus: 0.0625, stratus: 0.15 };

/** Parts of {@link PON_WHOLE} under proof of node. Source: fluxd src/main.cpp GetFluxnodeSubsidy. */
const PON_SHARE: PerTier<Satoshi> = {
  cumulus: flux(1n),
  nimbus: ((7n * COIN) / 2n) as Satoshi,
  stratus: flux(9n),
};
const PON_WHOLE = flux(14n);

/**
 * What the payee of `tier` is owed by block `height`; computed at every height, enforced from
 * {@link tierPaymentsEnforced} on. Under proof of node an integer floor; before it fluxd multiplies in doubles and
 * truncates, and so does this. Source: fluxd src/main.cpp GetFluxnodeSubsidy.
 */
export function tierShare(params: Params, height: number, tier: Tier): Satoshi {
  const subsidy = blockSubsidy(params, height);
  if (ponHeightReached(params.upgrades, height)) {
    return ((subsidy * PON_SHARE[tier]) / PON_WHOLE) as Satoshi;
  }
  const multiple = upgradeActive(params.upgrades, "flux", height) ? 2 : 1;
  // The subsidy is below 2^53 (the largest is the premine, 1.302e15) and the share is multiplied out first, as in fluxd.
  return BigInt(Math.trunc(Number(subsidy) * (POW_SHARE[tier] * multiple))) as Satoshi;
}

/** {@link tierShare} of all three tiers. */
export const tierShares = (params: Params, height: number): PerTier<Satoshi> =>
  perTier((tier) => tierShare(params, height, tier));

/** The last height up to which subsidy and tier shares are those of `height`; Infinity for the run that never ends. */
export function rewardRunEnd(params: Params, height: number): number {
  const end = subsidyRunEnd(params, height);
  const fluxHeight = params.upgrades.flux.height;
  return height < fluxHeight ? Math.min(end, fluxHeight - 1) : end;
}

/** Whether block `height` is invalid without its tier payments. Source: fluxd src/main.cpp ConnectBlock. */
export const tierPaymentsEnforced = (params: Params, height: number): boolean =>
  height >= params.fluxnodes.paymentStartHeight;

/**
 * Subsidy left when the tiers for which `hasPayee` is true have had their share. An empty tier's share stays in it.
 * Source: fluxd src/fluxnode/fluxnode.cpp FluxnodeCache::CheckFluxnodePayout.
 */
export function remainder(params: Params, height: number, hasPayee: PerTier<boolean>): Satoshi {
  let left: bigint = blockSubsidy(params, height);
  for (const tier of TIERS) if (hasPayee[tier]) left -= tierShare(params, height, tier);
  return left as Satoshi;
}

/**
 * Who gets the {@link remainder}: under proof of node a dev fund output of at least that much is required, by the payout
 * check where tiers are paid and by the contextual check where the upgrade is active; otherwise the block producer keeps it.
 * Source: fluxd src/fluxnode/fluxnode.cpp CheckFluxnodePayout, src/main.cpp ContextualCheckTransaction.
 */
export function remainderReceiver(params: Params, height: number): "devFund" | "blockProducer" {
  const byPayoutCheck = ponHeightReached(params.upgrades, height) && tierPaymentsEnforced(params, height);
  return byPayoutCheck || upgradeActive(params.upgrades, "pon", height) ? "devFund" : "blockProducer";
}

/**
 * Least amount the coinbase must pay the dev fund by the contextual check, which knows no payees; 0 = not tested.
 * Source: fluxd src/main.cpp GetMinDevFundAmount, ContextualCheckTransaction.
 */
export function contextualDevFundMinimum(params: Params, height: number): Satoshi {
  if (!upgradeActive(params.upgrades, "pon", height)) return 0n as Satoshi;
  return remainder(
    params,
    height,
    perTier(() => true),
  );
}

/**
 * Most the coinbase may pay out besides fees. Heights up to {@link LAST_UNCAPPED_HEIGHT} are not held to it.
 * Source: fluxd src/main.cpp ConnectBlock ("bad-cb-amount").
 */
export function coinbaseCap(params: Params, height: number): bigint {
  let cap: bigint = blockSubsidy(params, height);
  for (const funding of specialFundingAt(params, height)) cap += funding.amount;
  return cap;
}

/** Coinbases of heights 1 and 2 may create any amount. Same source. */
export const LAST_UNCAPPED_HEIGHT = 2;

/** One output of a coinbase, before scripts. */
export interface CoinbasePart {
  readonly to: "remainder" | Tier | Fund;
  readonly amount: Satoshi;
}

/**
 * The outputs of the reference's block template without fees, in its order: the producer's (under proof of node the dev
 * fund's) remainder, the tiers that have a payee, then special funding. Fees are added to the first output.
 * Source: fluxd src/miner.cpp CreateNewBlock, src/fluxnode/fluxnode.cpp FillBlockPayeeWithDeterministicPayouts.
 */
export function coinbaseParts(params: Params, height: number, hasPayee: PerTier<boolean>): CoinbasePart[] {
  const paid = tierPaymentsEnforced(params, height) ? hasPayee : perTier(() => false);
  return [
    { to: "remainder", amount: remainder(params, height, paid) },
    ...TIERS.filter((tier) => paid[tier]).map((tier) => ({
      to: tier,
      amount: tierShare(params, height, tier),
    })),
    ...specialFundingAt(params, height).map(({ fund, amount }) => ({ to: fund, amount })),
  ];
}
