import { mainnet } from "@fluxlab/core";
import { runScenario } from "@fluxlab/sim";
import { decodeScenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { differences, firstDifference } from "../../../lab-ui/src/charts/models/compare.ts";

const play = (more: object, seed = 1) =>
  runScenario(
    decodeScenario({
      name: "compare",
      title: "Compare",
      network: "main",
      from: 1_200_000,
      run: "1000 blocks",
      population: { cumulus: 30, nimbus: 12, stratus: 5 },
      ...more,
    }),
    mainnet,
    seed,
  );

test("parameters that differ are named with each run's value, words are not", () => {
  const [a, b] = [play({}), play({ title: "Other", operators: { lifetime: "2 days" } }, 7)];
  expect(differences([a, b])).toEqual([
    { path: "seed", values: ["1", "7"] },
    { path: "operators.lifetime", values: ["forever", "2 days"] },
  ]);
  expect(differences([a, a])).toEqual([]);
});

test("the first sample that differs is found, wherever it is", () => {
  const a = play({});
  const leaving = play({ operators: { lifetime: "2 days" } });
  expect(firstDifference(a.samples, play({}).samples)).toBe("none");
  const at = firstDifference(a.samples, leaving.samples) as number;
  expect(at).toBeGreaterThan(1_200_000);
  const before = a.samples.height.indexOf(at) - 1;
  expect(leaving.samples.tiers.cumulus.queue[before]).toBe(a.samples.tiers.cumulus.queue[before]);
  expect(firstDifference(a.samples, play({ run: "997 blocks" }).samples)).toBe("incomparable");
});
