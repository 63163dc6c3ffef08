import { COIN, perTier } from "@fluxlab/core";
import type { Samples } from "@fluxlab/sim";
import { expect, test } from "vitest";
import { DAY, YEAR } from "../../../reports/src/format.ts";
import {
  dailyPayouts,
  nodeYears,
  payoutPerNodeYear,
  payoutRateBetween,
  perYear,
  yearlySpread,
} from "../../../reports/src/metrics/payout.ts";
import { smallRun } from "../support.ts";

test("a payout scales to 365 days, rounded down, and needs time", () => {
  expect(perYear(10n * COIN, YEAR)).toBe(10n * COIN);
  expect(perYear(1n * COIN, DAY)).toBe(365n * COIN);
  expect(perYear(1n, 2 * YEAR)).toBe(0n);
  expect(perYear(1n, 0)).toBeUndefined();
});

test("984 Cumulus nodes that share 5.625 FLUX every two minutes earn the whitepaper's arithmetic", () => {
  const blocks = 10_000;
  const totals = {
    payments: blocks,
    paid: 562_500_000n * BigInt(blocks),
    confirmedSeconds: 984 * 120 * blocks,
    waits: [],
  };
  // 262,800 blocks a year, each 5.625 FLUX, over 984 nodes.
  expect(payoutPerNodeYear(totals)).toBe((262_800n * 562_500_000n) / 984n);
  expect(payoutPerNodeYear({ ...totals, confirmedSeconds: 0 })).toBeUndefined();
});

/** Three samples, a day apart: 2 nodes then 4, paid 6 FLUX the first day and 12 the second. */
const samples: Samples = {
  height: Float64Array.of(0, 720, 1_440),
  seconds: Float64Array.of(0, DAY, 2 * DAY),
  supply: BigUint64Array.of(0n, 0n, 0n),
  toProducers: BigUint64Array.of(0n, 0n, 0n),
  toDevFund: BigUint64Array.of(0n, 0n, 0n),
  toFunds: BigUint64Array.of(0n, 0n, 0n),
  started: Uint32Array.of(0, 0, 0),
  dos: Uint32Array.of(0, 0, 0),
  tiers: perTier(() => ({
    queue: Uint32Array.of(2, 2, 4),
    payments: Float64Array.of(0, 6, 18),
    paid: BigUint64Array.of(0n, 6n * COIN, 18n * COIN),
    share: BigUint64Array.of(COIN, COIN, COIN),
  })),
};

test("what a tier gets a day is the difference between samples over the days between them", () => {
  expect([...dailyPayouts(samples, "nimbus")]).toEqual([6, 12]);
});

test("a rate between samples divides by the area under the queue", () => {
  expect(payoutRateBetween(samples, "cumulus", 0, 1)).toBe(3n * 365n * COIN);
  expect(payoutRateBetween(samples, "cumulus", 1, 2)).toBe(4n * 365n * COIN);
  expect(payoutRateBetween(samples, "cumulus", 0, 2)).toBe((18n * 365n * COIN) / 5n);
  expect(payoutRateBetween(samples, "cumulus", 1, 1)).toBeUndefined();
});

test("percentiles over single nodes leave out other tiers and nodes confirmed too briefly", () => {
  const nodes = {
    tier: Uint8Array.of(0, 0, 0, 1, 0),
    joinedHeight: new Uint32Array(5),
    confirmedSeconds: Float64Array.of(YEAR, YEAR / 2, YEAR, YEAR, DAY),
    payments: new Uint32Array(5),
    earned: BigUint64Array.of(10n, 10n, 30n, 1_000n, 500n),
  };
  expect(nodeYears(nodes, 0, YEAR / 2)).toEqual({ nodes: 3, low: 10n, median: 20n, high: 30n });
  expect(nodeYears(nodes, 2, 0)).toBeUndefined();
});

test("the stretches of a run are told in its own time, and scale by their length", () => {
  const record = smallRun();
  const stretches = yearlySpread(record, "stratus");
  expect(stretches).toHaveLength(record.spread.seconds.length);
  expect(stretches[0]!.seconds).toBe(record.spread.seconds[0]! / 2);
  expect(stretches[0]!.mean).toBe(perYear(record.spread.tiers.stratus.mean[0]!, record.spread.seconds[0]!));
  expect(yearlySpread(smallRun({ run: "1 block" }), "stratus")).toEqual([]);
});
