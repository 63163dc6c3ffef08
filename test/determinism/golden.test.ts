import { scenarios } from "@fluxlab/scenarios";
import { loadScenario, playScenario } from "@fluxlab/sim/host";
import { expect, test } from "vitest";
import { readRepositoryFile } from "../support/repository.ts";

// The digests of the beginnings of the scenarios that come with the lab, as they were last meant to be.

const GOLDEN = "test/determinism/golden.json";
const BLOCKS = 5_000;
const SEEDS = [1, 2];

const golden = JSON.parse(readRepositoryFile(GOLDEN)) as Record<string, Record<string, string>>;

test("every scenario has its digests", () => {
  expect(Object.keys(golden)).toEqual(scenarios.map(({ name }) => name));
});

test.each(scenarios.map(({ name }) => name))(`the first ${BLOCKS} blocks of %s`, async (name) => {
  const digests: Record<string, string> = {};
  for (const seed of SEEDS) {
    const { digest } = await playScenario(loadScenario(name, `${BLOCKS} blocks`), seed);
    digests[`seed ${seed}`] = digest;
  }
  const why = `${name} no longer gives the results it gave. If that is meant, say in CHANGELOG.md what changed and why, and put the digests received here into ${GOLDEN}`;
  expect(digests, why).toEqual(golden[name]);
});
