import { DEFAULT_ASSETS, flux } from "@fluxlab/core";
import { expect, test } from "vitest";
import { askedSwaps, largestSwap } from "../../../sim/src/world/fusionFlow.ts";
import { type FusionFlow, type FusionPlan, SWAP_SIZES } from "../../../sim/src/world/fusionPlan.ts";

const DAY_MS = 86_400_000;
const flow: FusionFlow = {
  source: 0,
  target: 2,
  swapsPerDay: 1_000,
  meanAmount: flux(1_000n),
  sizes: "equal",
  surge: { fromMs: 4 * DAY_MS, lengthMs: 2 * DAY_MS, times: 5 },
};
const planOf = (flows: readonly FusionFlow[]): FusionPlan => ({
  assets: DEFAULT_ASSETS,
  seed: "1",
  lengthMs: 10 * DAY_MS,
  flows,
  floats: [],
  refillBelow: { numerator: 0, denominator: 1 },
  refillMs: 0,
});

test("people come at the flow's rate, and in a surge so many times as often", () => {
  const { ms } = askedSwaps(planOf([flow]));
  const during = ms.filter((at) => at >= 4 * DAY_MS && at < 6 * DAY_MS).length;
  expect(Math.abs(during - 10_000)).toBeLessThan(400); // four standard deviations
  expect(Math.abs(ms.length - during - 8_000)).toBeLessThan(360);
  expect(ms.every((at, i) => at < 10 * DAY_MS && (i === 0 || at >= ms[i - 1]!))).toBe(true);
});

test.each(SWAP_SIZES)("amounts of %s sizes have the flow's mean and stay below the largest", (sizes) => {
  const { amount } = askedSwaps(planOf([{ ...flow, sizes }]));
  const mean = Number(amount.reduce((sum, each) => sum + each, 0n) / BigInt(amount.length)) / 1e8;
  expect(Math.abs(mean - 1_000)).toBeLessThan({ equal: 1, uniform: 20, heavy: 90 }[sizes]);
  const most = amount.reduce((a, b) => (a > b ? a : b));
  expect(most).toBe(largestSwap({ ...flow, sizes }));
  if (sizes === "heavy")
    expect(amount.filter((each) => each === flux(200n)).length / amount.length).toBeCloseTo(0.5, 1);
});

test("a flow more leaves the others as they are", () => {
  const alone = askedSwaps(planOf([flow]));
  const both = askedSwaps(planOf([flow, { ...flow, source: 3, sizes: "uniform" }]));
  const first = Array.from(both.flow.keys()).filter((swap) => both.flow[swap] === 0);
  expect(first.map((swap) => both.ms[swap])).toEqual([...alone.ms]);
});
