import { COIN } from "@fluxlab/core";
import { expect, test } from "vitest";
import { breakEvenYears, parallelPayout, tierReturn } from "../../../reports/src/metrics/roi.ts";
import { smallRun } from "../support.ts";

const parallelAssets = { model: "wp2-equal", released: 10 } as const;
const economics = {
  price: "0.5 USD",
  monthlyCost: { cumulus: "7 USD", nimbus: "17 USD", stratus: "45 USD" },
} as const;

test("a Cumulus payout of 2.8125 FLUX carries 0.28125 on each of ten chains: as much again", () => {
  const record = smallRun({ parallelAssets });
  expect(parallelPayout(record, 281_250_000n)).toBe(281_250_000n);
  expect(parallelPayout(smallRun({ parallelAssets: { ...parallelAssets, released: 1 } }), 281_250_000n)).toBe(
    28_125_000n,
  );
  expect(parallelPayout(smallRun(), 281_250_000n)).toBeUndefined();
});

test("the return is the payout of a node-year over the collateral", () => {
  const record = smallRun({ parallelAssets, from: 1_200_000 });
  const { native, parallel, nativeRoi, totalRoi, collateral } = tierReturn(record, "stratus");
  // 10 nodes share 22.5 FLUX a block; the first block's payment comes before any time has passed.
  expect(Number(native) / Number((262_800n * 22_50000000n) / 10n)).toBeCloseTo(1, 2);
  expect(collateral).toBe(40_000n * COIN);
  expect(nativeRoi).toBeCloseTo(Number(native) / Number(collateral), 12);
  expect(Number(parallel! - native!)).toBeGreaterThan(-10);
  expect(totalRoi! / nativeRoi!).toBeCloseTo(2, 6);
});

test("dollars a month are a twelfth of the year's payout at the price, less the cost", () => {
  const { native, usd } = tierReturn(smallRun({ economics, parallelAssets }), "nimbus");
  const gross = (Number(native) / 1e8 / 12) * 0.5;
  expect(usd).toMatchObject({ cost: 17, collateral: 6_250 });
  expect(usd!.gross).toBeCloseTo(gross, 6);
  expect(usd!.net).toBeCloseTo(gross - 17, 6);
  expect(usd!.netWithParallel).toBeCloseTo(2 * gross - 17, 4);
  expect(usd!.breakEvenYears).toBeCloseTo(6_250 / (gross - 17) / 12, 6);
});

test("a loss never breaks even", () => {
  expect(breakEvenYears(1_200, 10)).toBe(10);
  expect(breakEvenYears(1_200, 0)).toBeUndefined();
  expect(breakEvenYears(1_200, -1)).toBeUndefined();
});

test("a tier without nodes has no return", () => {
  const record = smallRun({
    economics,
    population: { begin: "established", cumulus: 1, nimbus: 0, stratus: 0 },
  });
  expect(tierReturn(record, "nimbus")).toMatchObject({
    native: undefined,
    nativeRoi: undefined,
    usd: undefined,
  });
});
