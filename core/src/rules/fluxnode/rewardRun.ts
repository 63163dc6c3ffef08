import type { Params } from "../../params/params.ts";
import { ponHeightReached } from "../../params/upgrades.ts";
import type { Satoshi } from "../../primitives/money.ts";
import { TIERS } from "../../primitives/tier.ts";
import { type SpecialFunding, specialFunding } from "../funds.ts";
import { targetSpacing } from "../spacing.ts";
import { blockSubsidy } from "../subsidy.ts";
import {
  coinbaseCap,
  remainder,
  remainderReceiver,
  rewardRunEnd,
  tierPaymentsEnforced,
  tierShare,
} from "./payout.ts";

/** Tiers with a payee as bits: bit i for TIERS[i]. */
export const ALL_TIERS = (1 << TIERS.length) - 1;

/** Consecutive blocks that mint and share out the same amounts. */
export interface RewardRun {
  readonly first: number;
  /** Infinity for the run that never ends. */
  readonly last: number;
  readonly subsidy: Satoshi;
  /** Subsidy and special funding of one block: what its coinbase creates if it claims all it may. */
  readonly minted: bigint;
  /** By tier index. */
  readonly shares: readonly Satoshi[];
  /** By the bits of the tiers that have a payee. */
  readonly remainders: readonly Satoshi[];
  readonly receiver: "devFund" | "blockProducer";
  /** Whether tiers are paid at all. */
  readonly pays: boolean;
  /** Seconds between its blocks. */
  readonly spacing: number;
  /** Special funding; a run with any is one block long. */
  readonly funding: readonly SpecialFunding[];
}

/** The run of equal blocks that starts in block `first`: who walks heights asks the rules once a run instead of once a block. */
export function rewardRun(params: Params, first: number): RewardRun {
  const upcoming = specialFunding(params).filter(({ height }) => height >= first);
  const funding = upcoming.filter(({ height }) => height === first);
  const nextFunding = funding.length > 0 ? first + 1 : (upcoming[0]?.height ?? Number.POSITIVE_INFINITY);
  const pays = tierPaymentsEnforced(params, first);
  const firstPaying = pays ? Number.POSITIVE_INFINITY : params.fluxnodes.paymentStartHeight;
  const firstPon = ponHeightReached(params.upgrades, first)
    ? Number.POSITIVE_INFINITY
    : params.upgrades.pon.height;
  const masks = Array.from({ length: ALL_TIERS + 1 }, (_, mask) => mask);
  return {
    first,
    last: Math.min(rewardRunEnd(params, first), nextFunding - 1, firstPaying - 1, firstPon - 1),
    subsidy: blockSubsidy(params, first),
    minted: coinbaseCap(params, first),
    shares: TIERS.map((tier) => tierShare(params, first, tier)),
    remainders: masks.map((mask) =>
      remainder(params, first, {
        cumulus: (mask & 1) !== 0,
        nimbus: (mask & 2) !== 0,
        stratus: (mask & 4) !== 0,
      }),
    ),
    receiver: remainderReceiver(params, first),
    pays,
    spacing: targetSpacing(params, first),
    funding,
  };
}
