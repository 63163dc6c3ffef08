import { flux, mainnet } from "@fluxlab/core";
import { checkScenario } from "@fluxlab/sim";
import {
  decodeScenario,
  InvalidInput,
  type ScenarioInput,
  scenario,
  scenarioHash,
  withSettings,
} from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { compileFusion } from "../../../sim/src/scenario/compileFusion.ts";

const fusion: NonNullable<ScenarioInput["fusion"]> = {
  float: "100000 FLUX",
  floats: [{ chain: "SOL", float: "20000 FLUX" }],
  refill: { below: "1 in 4", after: "12 h" },
  flows: [
    {
      source: "BSC",
      target: "ETH",
      swapsPerDay: 60,
      amount: "1000 FLUX",
      sizes: "heavy",
      surge: { from: "2 days", for: "36 h", times: 5 },
    },
    { source: "FLUX", target: "SOL", swapsPerDay: 30, amount: "500 FLUX" },
  ],
};
const valid: ScenarioInput = {
  name: "swaps",
  title: "Swaps",
  network: "main",
  from: 2_100_000,
  run: "10 days",
  population: { cumulus: 10, nimbus: 5, stratus: 0 },
  fusion,
};

/** "path|expected|got" of every problem. */
function problemsOf(data: unknown): string[] {
  try {
    checkScenario(decodeScenario(data), mainnet);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map(
      ({ path, expected, got }) => `${path.join(".")}|${expected}|${JSON.stringify(got)}`,
    );
  }
}

test("swaps are part of the question, and compiled into milliseconds and satoshi", () => {
  const asked = scenario(valid);
  expect(problemsOf(asked)).toEqual([]);
  expect(scenarioHash(asked)).not.toBe(
    scenarioHash(scenario({ ...valid, fusion: { ...fusion, float: "90000 FLUX" } })),
  );
  const plan = compileFusion(asked, mainnet, 2_128_799, 3)!;
  expect(plan.assets.chains[0]!.blockIntervalMs).toBe(30_000);
  expect(plan).toMatchObject({
    seed: "3",
    refillMs: 43_200_000,
    refillBelow: { numerator: 1, denominator: 4 },
  });
  expect(plan.lengthMs).toBe(28_799 * 30_000);
  expect(plan.floats[2]).toBe(flux(100_000n));
  expect(plan.floats[5]).toBe(flux(20_000n));
  expect(plan.flows[0]).toEqual({
    ...{ source: 3, target: 2, swapsPerDay: 60, meanAmount: flux(1_000n), sizes: "heavy" },
    surge: { fromMs: 172_800_000, lengthMs: 129_600_000, times: 5 },
  });
  expect(plan.flows[1]).toMatchObject({ sizes: "equal", surge: undefined });
});

test("a float and a refill can be set, as a sweep does", () => {
  const set = withSettings(scenario(valid), [
    { path: ["fusion", "float"], value: "200000 FLUX" },
    { path: ["fusion", "refill", "after"], value: "2 h" },
  ]);
  const plan = compileFusion(decodeScenario(set), mainnet, 2_128_799, 1)!;
  expect([plan.floats[2], plan.refillMs]).toEqual([flux(200_000n), 7_200_000]);
});

const [first, second] = fusion.flows;

test.each<[string, object, RegExp]>([
  ["without a float", { float: undefined }, /^fusion.float\|a value/],
  ["of an amount without unit", { float: "1000" }, /^fusion.float\|an amount such as/],
  ["without flows", { flows: [] }, /^fusion.flows\|a list of 1 to 50 flows/],
  ["from nowhere", { flows: [{ ...first, source: "BTC" }] }, /^fusion.flows.0.source\|one of "FLUX", "KDA",/],
  [
    "that go nowhere",
    { flows: [second, { ...first, target: "BSC" }] },
    /^fusion.flows.1.target\|a chain other than the source, BSC\|"BSC"$/,
  ],
  [
    "of dust",
    { flows: [{ ...first, amount: "0.00000099 FLUX" }] },
    /^fusion.flows.0.amount\|at least 0.00000100 FLUX/,
  ],
  [
    "of unknown sizes",
    { flows: [{ ...first, sizes: "large" }] },
    /^fusion.flows.0.sizes\|one of "equal", "uniform", "heavy"/,
  ],
  [
    "of an unknown key",
    { flows: [{ ...first, surge: { from: "1 h", for: "1 h", rate: 2 } }] },
    /^fusion.flows.0.surge.(rate\|no key|times\|a value)/,
  ],
  [
    "that are too many",
    { flows: [{ ...first, swapsPerDay: 100_000 }] },
    /^fusion.flows\|at most 200000 swaps in the run\|"1599\d{3} on average"$/,
  ],
  [
    "larger than the float",
    { float: "51199 FLUX" },
    /^fusion.float\|between the largest swap to the chain, 51200.00000000 FLUX, and its swap supply, 418000000.0/,
  ],
  [
    "from more than there is",
    { float: "418000001 FLUX" },
    /^fusion.float\|between .* its swap supply, 418000000.0/,
  ],
  [
    "larger than a chain's own float",
    { floats: [{ chain: "SOL", float: "499 FLUX" }] },
    /^fusion.floats.0.float\|between the largest swap to the chain, 500.0.*\|"499 FLUX"$/,
  ],
  [
    "with two floats for one chain",
    { floats: [fusion.floats![0], fusion.floats![0]] },
    /^fusion.floats.1.chain\|a chain that is not in the list yet\|"SOL"$/,
  ],
  ["with a refill at no time", { refill: { below: "1 in 4" } }, /^fusion.refill.after\|a value/],
  [
    "with a share above one",
    { refill: { below: "5 in 4", after: "1 h" } },
    /^fusion.refill.below\|a chance such as/,
  ],
])("swaps %s", (_, change, expected) => {
  const written = Object.fromEntries(
    Object.entries({ ...fusion, ...change }).filter(([, value]) => value !== undefined),
  );
  expect(problemsOf({ ...valid, fusion: written })[0]).toMatch(expected);
});
