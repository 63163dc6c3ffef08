import {
  ALLOCATION,
  allocationOverChains,
  flux,
  parallelReward,
  rewardSplit,
  swapSupplyShare,
} from "@fluxlab/core";
import { expect, test } from "vitest";

// The table as the whitepaper prints it, whole FLUX: native, each parallel chain, native + 4, native + 10.
const PRINTED = [
  ["holders", 125_000_000n, 12_500_000n, 175_000_000n, 250_000_000n],
  ["outstanding", 85_000_000n, 8_500_000n, 119_000_000n, 170_000_000n],
  ["foundation", 2_500_000n, 250_000n, 3_500_000n, 5_000_000n],
  ["exchange", 7_500_000n, 750_000n, 10_500_000n, 15_000_000n],
  ["natural", 220_000_000n, 22_000_000n, 308_000_000n, 440_000_000n],
  ["swap", 220_000_000n, 418_000_000n, 1_892_000_000n, 4_400_000_000n],
  ["total", 440_000_000n, 440_000_000n, 2_200_000_000n, 4_840_000_000n],
] as const;

test.each(PRINTED)("the %s row of the allocation table", (name, native, parallel, four, ten) => {
  const row = ALLOCATION.find((each) => each.row === name)!;
  expect(row.native).toBe(flux(native));
  expect(row.eachParallel).toBe(flux(parallel));
  expect(allocationOverChains(row, 4)).toBe(flux(four));
  expect(allocationOverChains(row, 10)).toBe(flux(ten));
});

test("rewards with four chains: the arithmetic, and the two shares the paper prints otherwise", () => {
  expect(rewardSplit(4)).toMatchObject([
    { party: "mining", amount: flux(44_200_000n), share: 37_143, printedShare: 37_150 },
    { party: "fluxnodes", amount: flux(74_800_000n), share: 62_857, printedShare: 62_850 },
  ]);
});

test("rewards with ten chains", () => {
  expect(rewardSplit(10)).toMatchObject([
    { party: "mining", amount: flux(46_750_000n), share: 27_500, printedShare: undefined },
    { party: "fluxnodes", amount: flux(123_250_000n), share: 72_500, printedShare: undefined },
  ]);
});

test("ten elevenths of all supply is locked for swaps", () => {
  expect(swapSupplyShare(10)).toBe(90_909);
});

test("what a native reward carries on a parallel chain, by either paper", () => {
  expect(parallelReward("wp2-equal", "fluxnodes", 281_250_000n)).toBe(28_125_000n);
  expect(parallelReward("wp2-equal", "mining", 3_750_000_000n)).toBe(375_000_000n);
  expect(parallelReward("wp2-equal", "mining", 19n)).toBe(1n);
  expect(parallelReward("wp1-table", "fluxnodes", flux(42_500_000n))).toBe(flux(8_075_000n));
  expect(parallelReward("wp1-table", "mining", flux(42_500_000n))).toBe(flux(425_000n));
});
