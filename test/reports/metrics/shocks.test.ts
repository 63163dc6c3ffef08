import { expect, test } from "vitest";
import { shockEffects } from "../../../reports/src/metrics/shocks.ts";
import { shockSentence } from "../../../reports/src/sections/shocks.ts";
import { smallRun } from "../support.ts";

const BEFORE_HALVING = { from: 1_200_000, run: "3000 blocks", startDate: "2022-09-08" };

test("half of a tier leaves, and the others are paid twice as often", () => {
  const record = smallRun({
    ...BEFORE_HALVING,
    population: { begin: "established", cumulus: 400, nimbus: 20, stratus: 10 },
    shocks: [{ kind: "exit", at: "1000 blocks", tiers: ["cumulus"], share: "1 in 2", length: "100 blocks" }],
  });
  const [effect, ...others] = shockEffects(record);
  expect(others).toEqual([]);
  const { shock, before, least, recovered } = effect!;
  expect(shock.height).toBe(1_201_000);
  expect(before.queue).toBe(400);
  expect(least.queue).toBe(400 - shock.hit);
  expect(Math.abs(shock.hit - 200)).toBeLessThan(50);
  expect(least.perDay! / before.perDay!).toBeCloseTo(400 / least.queue, 6);
  expect(recovered).toBeUndefined();
  expect(shockSentence(record, effect!)).toContain(`from 400 to ${least.queue} nodes`);
});

test("nodes whose benchmarks fail for longer than a confirmation lasts are gone, and come back", () => {
  const failing = (length: string) =>
    shockEffects(
      smallRun({
        ...BEFORE_HALVING,
        shocks: [{ kind: "benchmarkFailure", at: "1000 blocks", share: "1 in 1", length }],
      }),
    );
  // 80 blocks before the halving upgrade; operators update about every 40.
  for (const { before, least } of failing("20 blocks")) expect(least.queue).toBe(before.queue);
  for (const { least, recovered, shock } of failing("200 blocks")) {
    expect(shock.hit).toBe(70);
    expect(least.queue).toBe(0);
    expect(least.perDay).toBeUndefined();
    expect(recovered).toBeDefined();
  }
});
