import { allScenarios, scenarios, spreadScenarios } from "@fluxlab/scenarios";
import { loadScenario, momentOf, playScenario, type ScenarioChanges } from "@fluxlab/sim/host";
import { expect, test } from "vitest";
import { readRepositoryFile } from "../support/repository.ts";

// The digests of the beginnings of the scenarios that come with the lab, as they were last meant to be.

const GOLDEN = "test/determinism/golden.json";
const BLOCKS = 5_000;
const SEEDS = [1, 2];

const golden = JSON.parse(readRepositoryFile(GOLDEN)) as Record<string, Record<string, string>>;

test("every scenario has its digests", () => {
  expect(Object.keys(golden)).toEqual(allScenarios.map(({ name }) => name));
});

/** Plays the beginning of a scenario with each seed. */
async function digestsOf(name: string, changes: ScenarioChanges): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const seed of SEEDS) {
    const { digest } = await playScenario(loadScenario(name, changes), seed);
    digests[`seed ${seed}`] = digest;
  }
  return digests;
}

const why = (name: string): string =>
  `${name} no longer gives the results it gave. If that is meant, say in CHANGELOG.md what changed and why, and put the digests received here into ${GOLDEN}`;

test.each(scenarios.map(({ name }) => name))(`the first ${BLOCKS} blocks of %s`, async (name) => {
  expect(await digestsOf(name, { until: `${BLOCKS} blocks` }), why(name)).toEqual(golden[name]);
});

const faultless = spreadScenarios.filter((each) => !("faults" in each));

test.each(
  faultless.map(({ name, fidelity }) => [name, fidelity] as const),
)("the beginning of %s among few nodes", async (name, fidelity) => {
  const until = fidelity === "relay" ? "20" : "10 min";
  expect(await digestsOf(name, { until, nodes: 60 }), why(name)).toEqual(golden[name]);
});

/** By then something has gone wrong in each. */
const MOMENT = "22 min";

test.each(
  spreadScenarios.filter((each) => "faults" in each).map(({ name }) => name),
)(`the first ${MOMENT} of %s, faults and all`, (name) => {
  const digests = SEEDS.map((seed) => [`seed ${seed}`, momentOf(loadScenario(name), seed, MOMENT).digest]);
  expect(Object.fromEntries(digests), why(name)).toEqual(golden[name]);
});
