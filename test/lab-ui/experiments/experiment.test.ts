import { mainnet } from "@fluxlab/core";
import { checkScenario } from "@fluxlab/sim";
import { decodeScenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import {
  fanJobs,
  HEAT_FACTORS,
  heatJobs,
  heatOf,
  tornadoJobs,
  tornadoOf,
} from "../../../lab-ui/src/experiments/experiment.ts";
import { parametersOf, parameterText, scaled } from "../../../lab-ui/src/experiments/parameters.ts";
import { rewardCycle } from "../../../scenarios/rewardCycle.scenario.ts";

const plain = decodeScenario({
  name: "plain",
  title: "Nobody leaves or fails",
  network: "main",
  from: 1_200_000,
  run: "1 day",
  population: { cumulus: 100, nimbus: { atStart: 10, atEnd: 20 }, stratus: 0 },
});

test("what is never or zero cannot be scaled", () => {
  expect(parametersOf(plain)).toEqual(["population.cumulus", "population.nimbus", "operators.outageLength"]);
  expect(parametersOf(rewardCycle)).toHaveLength(7);
});

test("a scaled scenario is one that the simulator takes, and only the parameter has changed", () => {
  for (const parameter of parametersOf(rewardCycle)) {
    for (const factor of [0.5, 0.75, 1.1, 2]) {
      const changed = scaled(rewardCycle, parameter, factor);
      expect(decodeScenario(changed)).toEqual(changed);
      expect(() => checkScenario(changed, mainnet)).not.toThrow();
      expect(parameterText(changed, parameter)).not.toBe(parameterText(rewardCycle, parameter));
      expect(scaled(changed, parameter, 1 / factor).name).toBe(rewardCycle.name);
    }
  }
  expect(parameterText(scaled(rewardCycle, "operators.missedStarts", 2), "operators.missedStarts")).toBe(
    "1 in 100",
  );
  expect(parameterText(scaled(rewardCycle, "operators.lifetime", 0.75), "operators.lifetime")).toBe(
    "1.5 years",
  );
  expect(parameterText(scaled(plain, "population.nimbus", 2), "population.nimbus")).toBe("20 → 40");
});

test("every variant is played with the same seeds", () => {
  const jobs = tornadoJobs(plain, 0.25, 3);
  expect(jobs).toHaveLength((1 + 2 * 3) * 3);
  for (let i = 0; i < jobs.length; i += 3) {
    expect(jobs.slice(i, i + 3).map(({ seed }) => seed)).toEqual([1, 2, 3]);
  }
  expect(fanJobs(plain, 4).map(({ seed }) => seed)).toEqual([1, 2, 3, 4]);
  expect(heatJobs(plain, "population.cumulus", "population.nimbus", 2)).toHaveLength(
    HEAT_FACTORS.length ** 2 * 2,
  );
});

test("a tornado tells means at the end of the run, as soon as both steps of a parameter are there", () => {
  const played: (number[] | undefined)[] = tornadoJobs(plain, 0.5, 2).map((_, i) => [0, i]);
  const whole = tornadoOf(plain, 0.5, 2, played, String)!;
  expect(whole.base).toBe(0.5);
  expect(whole.sensitivities[0]).toEqual({
    name: "population.cumulus",
    low: { label: "50", value: 2.5 },
    high: { label: "150", value: 4.5 },
  });
  played[5] = undefined;
  expect(tornadoOf(plain, 0.5, 2, played, String)!.sensitivities.map(({ name }) => name)).toEqual([
    "population.nimbus",
    "operators.outageLength",
  ]);
  played[0] = undefined;
  expect(tornadoOf(plain, 0.5, 2, played, String)).toBeUndefined();
});

test("a heat map's rows are the second parameter, its columns the first", () => {
  const size = HEAT_FACTORS.length;
  const played = heatJobs(plain, "population.cumulus", "population.nimbus", 1).map((_, i) => [i]);
  const { columns, rows } = heatOf(plain, "population.cumulus", "population.nimbus", 1, played);
  expect(columns).toEqual(["50", "75", "100", "150", "200"]);
  expect(rows[1]!.label).toBe("8 → 15");
  expect(rows[1]!.values).toEqual(Array.from({ length: size }, (_, i) => size + i));
});
