import { mainnet } from "@fluxlab/core";
import { runScenario } from "@fluxlab/sim";
import { days, hours, scenario } from "@fluxlab/sim/scenario";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fairness, giniCoefficient, jainIndex } from "../../../reports/src/metrics/fairness.ts";
import { smallRun } from "../support.ts";

test("the indexes of what is known", () => {
  expect(jainIndex([3, 3, 3])).toBeCloseTo(1, 12);
  expect(jainIndex([0, 0, 0, 7])).toBeCloseTo(1 / 4, 12);
  expect(giniCoefficient([3, 3, 3])).toBe(0);
  expect(giniCoefficient([0, 0, 0, 7])).toBeCloseTo(3 / 4, 12);
});

test("Gini's coefficient is half the mean difference of all pairs over the mean", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 20 }), (values) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const differences = values.flatMap((a) => values.map((b) => Math.abs(a - b)));
      const expected = differences.reduce((sum, value) => sum + value, 0) / (2 * values.length ** 2 * mean);
      expect(giniCoefficient(values.toSorted((a, b) => a - b))).toBeCloseTo(expected, 10);
    }),
  );
});

test("where nobody comes or goes everybody is paid alike", () => {
  for (const { jain, stayed, groups } of fairness(smallRun())) {
    expect(jain).toBeGreaterThan(0.999);
    expect(groups.reduce((sum, { nodes }) => sum + nodes, 0)).toBe(stayed);
  }
});

test("those who leave before their first turn are not paid", () => {
  const record = runScenario(
    scenario({
      name: "churn",
      title: "Churn",
      network: "main",
      from: 1_400_000,
      run: days(60),
      population: { begin: "established", cumulus: 2_000, nimbus: 0, stratus: 0 },
      operators: { lifetime: days(8), outageEvery: days(20), outageLength: hours(1) },
    }),
    mainnet,
    1,
  );
  const [cumulus] = fairness(record);
  const rates = cumulus!.groups.map(({ rate }) => rate ?? Number.NaN);
  expect(rates[0]).toBeLessThan(0.6);
  expect(rates[1]).toBeGreaterThan(rates[0]!);
  // A round takes longer than most stay: the few who stay longest still get about what the queue gives.
  expect(Math.abs(rates[4]! - 1)).toBeLessThan(0.15);
});
