import { mainnet, TIERS } from "@fluxlab/core";
import { checkAnyScenario, Run } from "@fluxlab/sim";
import { days, InvalidInput, oneIn, type Scenario, scenario, usd } from "@fluxlab/sim/scenario";
import { describe, expect, test } from "vitest";
import { compileEconomy } from "../../../sim/src/scenario/compile.ts";

const COSTS = { cumulus: usd(7), nimbus: usd(17), stratus: usd(45) };

const withPrice = (price: number, changes: Partial<Scenario> = {}): Scenario =>
  scenario({
    name: "price",
    title: "A price",
    network: "main",
    from: 1_400_000,
    run: days(40),
    population: { cumulus: 900, nimbus: 300, stratus: 100 },
    shocks: [{ kind: "price", at: days(5), price: usd(price), share: "1 in 2", length: days(10) }],
    economics: { price: usd(0.5), monthlyCost: COSTS },
    ...changes,
  });

/** Queues at the end, by tier. */
function queuesAtEnd(played: Scenario): number[] {
  const run = new Run(played, mainnet, 1);
  run.advance(run.blocksTotal);
  const { samples } = run.record();
  return TIERS.map((tier) => samples.tiers[tier].queue.at(-1)!);
}

test("the nodes that a price pays for are a tier's monthly income over the cost of a node", () => {
  const [shock] = compileEconomy(withPrice(0.5), mainnet, 1).shocks;
  // 2.8125, 4.6875 and 11.25 FLUX in each of 21,600 blocks a month.
  expect(shock!.paying).toEqual([
    Math.floor((2.8125 * 21_600 * 0.5) / 7),
    Math.floor((4.6875 * 21_600 * 0.5) / 17),
    Math.floor((11.25 * 21_600 * 0.5) / 45),
  ]);
});

test.each([
  ["a fall drives operators out", 0.02],
  ["a rise draws operators in", 0.4],
])("%s, half of the way to the number that pays", (_, price) => {
  const played = withPrice(price);
  const [shock] = compileEconomy(played, mainnet, 1).shocks;
  const expected = [900, 300, 100].map((count, tier) => {
    const gap = shock!.paying![tier]! - count;
    return count + Math.trunc(gap / 2);
  });
  expect(queuesAtEnd(played)).toEqual(expected);
});

test("only the tiers that are named, and those who left stay away while others take part in the plan", () => {
  const played = withPrice(0.02, {
    shocks: [
      { kind: "price", at: days(5), price: usd(0.02), tiers: ["nimbus"], share: oneIn(1), length: days(1) },
    ],
    operators: { lifetime: "30 days", outageEvery: "never", outageLength: "1 h", missedStarts: "never" },
  });
  const [shock] = compileEconomy(played, mainnet, 1).shocks;
  const [cumulus, nimbus] = queuesAtEnd(played);
  // Who leaves by himself is replaced within a day or two; nine in a thousand are on their way.
  expect(cumulus).toBeGreaterThan(800);
  expect(nimbus).toBeLessThanOrEqual(shock!.paying![1]!);
  expect(nimbus).toBeGreaterThan(shock!.paying![1]! * 0.8);
});

describe("what is missing has its place", () => {
  const [shock] = withPrice(0.1).shocks!;
  const { price: _price, ...unpriced } = shock!;
  test.each([
    ["no price", withPrice(0.1, { shocks: [unpriced] }), "shocks.0.price"],
    ["no costs", { ...withPrice(0.1), economics: undefined }, "shocks.0.kind"],
    ["a price of an exit", withPrice(0.1, { shocks: [{ ...shock!, kind: "exit" }] }), "shocks.0.price"],
  ])("%s", (_, wrong, path) => {
    try {
      checkAnyScenario(wrong as Scenario, mainnet);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput);
      expect((error as InvalidInput).problems.map((problem) => problem.path.join("."))).toEqual([path]);
    }
  });
});
