import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { mainnet } from "@fluxlab/core";
import { checkScenario } from "@fluxlab/sim";
import { parseNetwork, parseScenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";

const page = readFileSync(fileURLToPath(new URL("../../../docs/scenarios.md", import.meta.url)), "utf8");

/** The first fenced block of a language. */
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^\`]*)\`\`\``).exec(page)![1]!;

test("the scenario in the documentation is one", () => {
  const scenario = parseScenario(block("yaml"));
  expect(scenario.population.nimbus).toEqual({ atStart: 2_000, atEnd: 4_000 });
  checkScenario(scenario, mainnet);
});

test("so is the network file", () => {
  expect(parseNetwork(block("json")).upgrades.pon.height).toBe(900);
});
