import {
  COIN,
  COLLATERAL_MATURITY,
  coinbaseCap,
  coinbaseParts,
  collateralTier,
  compareQueuePositions,
  confirmExpiryBlocks,
  contextualDevFundMinimum,
  delegatesAllowed,
  dosRelease,
  ipChangeDistance,
  LAST_UNCAPPED_HEIGHT,
  perTier,
  ponHeightReached,
  remainder,
  remainderReceiver,
  rewardRunEnd,
  specialFundingAt,
  startExpiryBlocks,
  TIER_CODE,
  TIERS,
  type Tier,
  tierPaymentsEnforced,
  tierShares,
  updateDistance,
  upgradeActive,
  version6Allowed,
} from "@fluxlab/core";
import { hexToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readVectors } from "../../support/committedVectors.ts";
import { NETWORKS } from "../../support/networks.ts";

interface Vectors {
  readonly payouts: {
    network: string;
    height: number;
    subsidy: number;
    tierPaymentsEnforced: boolean;
    tierAmounts: Record<Tier, number>;
    remainderByPayeeMask: number[];
    remainderReceiver: string;
    isPonActive: boolean;
    ponUpgradeActive: boolean;
    contextualDevFundMin: number;
    exchangeFund: number;
    foundationFund: number;
    swapPool: number;
    coinbaseCapBeforeFees: number;
    capEnforced: boolean;
    templateOutputs: [string, number][];
  }[];
  readonly collateralTiers: {
    network: string;
    height: number;
    tierByCoins: Record<string, number>;
    oneSatOver1000: number;
  }[];
  readonly windows: {
    network: string;
    height: number;
    startExpiryBlocks: number;
    dosRemoveBlocks: number;
    dosMatch: string;
    confirmExpirationBlocks: number;
    updateMinDistanceExclusive: number;
    ipChangeMinDistanceInclusive: number | null;
    version6Allowed: boolean;
    delegatesAllowed: boolean;
    collateralMaturityBlocks: number;
  }[];
  readonly confirmExpiration: { network: string; height: number; blocks: number }[];
  readonly queueOrder: {
    nodes: { txid: string; vout: number; confirmedHeight: number; lastPaidHeight: number }[];
    order: number[];
  }[];
}

const vectors = readVectors<Vectors>("fluxnode-payouts.json");
const everyTier = perTier(() => true);

test.each(vectors.payouts)("payouts of $network at height $height", (expected) => {
  const params = NETWORKS[expected.network]!;
  const { height } = expected;
  const fund = (name: string) =>
    Number(specialFundingAt(params, height).find((funding) => funding.fund === name)?.amount ?? 0n);
  const nameOf = { exchange: "exchangeFund", foundation: "foundationFund", swapPool: "swapPool" } as Record<
    string,
    string
  >;
  expect(tierPaymentsEnforced(params, height)).toBe(expected.tierPaymentsEnforced);
  expect(tierShares(params, height)).toEqual(perTier((tier) => BigInt(expected.tierAmounts[tier])));
  const byMask = expected.remainderByPayeeMask.map((_, mask) =>
    Number(
      remainder(
        params,
        height,
        perTier((tier) => (mask & (1 << TIERS.indexOf(tier))) !== 0),
      ),
    ),
  );
  expect(byMask).toEqual(expected.remainderByPayeeMask);
  expect(remainderReceiver(params, height)).toBe(expected.remainderReceiver);
  expect(ponHeightReached(params.upgrades, height)).toBe(expected.isPonActive);
  expect(upgradeActive(params.upgrades, "pon", height)).toBe(expected.ponUpgradeActive);
  expect(contextualDevFundMinimum(params, height)).toBe(BigInt(expected.contextualDevFundMin));
  expect(fund("exchange")).toBe(expected.exchangeFund);
  expect(fund("foundation")).toBe(expected.foundationFund);
  expect(fund("swapPool")).toBe(expected.swapPool);
  expect(coinbaseCap(params, height)).toBe(BigInt(expected.coinbaseCapBeforeFees));
  expect(height > LAST_UNCAPPED_HEIGHT).toBe(expected.capEnforced);
  const parts = coinbaseParts(params, height, everyTier).map(({ to, amount }) => [
    nameOf[to] ?? to,
    Number(amount),
  ]);
  expect(parts).toEqual(expected.templateOutputs.map(([to, amount]) => [nameOf[to] ?? to, amount]));
});

test.each(vectors.collateralTiers)("collateral of $network at height $height", (expected) => {
  const params = NETWORKS[expected.network]!;
  const codeOf = (amount: bigint) => {
    const tier = collateralTier(params, expected.height, amount);
    return tier === undefined ? 0 : TIER_CODE[tier];
  };
  for (const [coins, code] of Object.entries(expected.tierByCoins)) {
    expect(codeOf(BigInt(coins) * COIN), `${coins} FLUX`).toBe(code);
  }
  expect(codeOf(1_000n * COIN + 1n)).toBe(expected.oneSatOver1000);
});

test.each(vectors.windows)("lifecycle windows of $network at height $height", (expected) => {
  const params = NETWORKS[expected.network]!;
  const { height } = expected;
  expect(startExpiryBlocks(params, height)).toBe(expected.startExpiryBlocks);
  expect(dosRelease(params, height)).toEqual({ blocks: expected.dosRemoveBlocks, match: expected.dosMatch });
  expect(confirmExpiryBlocks(params, height)).toBe(expected.confirmExpirationBlocks);
  expect(updateDistance(params, height)).toBe(expected.updateMinDistanceExclusive);
  expect(ipChangeDistance(params, height) ?? null).toBe(expected.ipChangeMinDistanceInclusive);
  expect(version6Allowed(params, height)).toBe(expected.version6Allowed);
  expect(delegatesAllowed(params, height)).toBe(expected.delegatesAllowed);
  expect(COLLATERAL_MATURITY).toBe(expected.collateralMaturityBlocks);
});

test.each(vectors.confirmExpiration)("confirm expiry of $network at height $height", (expected) => {
  expect(confirmExpiryBlocks(NETWORKS[expected.network]!, expected.height)).toBe(expected.blocks);
});

describe("payment order", () => {
  test.each(vectors.queueOrder.map((each, i) => ({ ...each, i })))("recorded case $i", ({ nodes, order }) => {
    const positions = nodes.map(({ txid, vout, confirmedHeight, lastPaidHeight }, index) => ({
      index,
      outpoint: { txid: hexToBytes(txid).reverse(), index: vout },
      confirmedHeight,
      lastPaidHeight,
    }));
    expect(positions.toSorted(compareQueuePositions).map(({ index }) => index)).toEqual(order);
  });
});

test("rewards are equal within a reward run and change after it", () => {
  const params = NETWORKS["regtest-nu"]!;
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 1_500 }), (height) => {
      const end = Math.min(rewardRunEnd(params, height), 2_000);
      for (let at = height; at <= end; at++)
        expect(tierShares(params, at)).toEqual(tierShares(params, height));
      if (end < 2_000) expect(tierShares(params, end + 1)).not.toEqual(tierShares(params, height));
    }),
  );
});
