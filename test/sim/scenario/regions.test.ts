import { regtest } from "@fluxlab/core";
import { checkAnyScenario, spreadRun } from "@fluxlab/sim";
import { InvalidScenarioText, parseScenario, placeInText } from "@fluxlab/sim/scenario";
import { describe, expect, test } from "vitest";
import { compileNetwork } from "../../../sim/src/scenario/compileSpread.ts";
import { decodeNetworkScenario, type SpreadScenario } from "../../../sim/src/scenario/spreadSchema.ts";

const scenarioText = (regions: string): string => `fidelity: network
name: table
title: A table of one's own
network: regtest
nodes: 12
run: 20 min
blockInterval: 60 s
topology: { random: 3 }
regions:
${regions}`;

const TABLE = `  - { name: West, share: 2, upload: 20000, download: 40000, latency: [10, 80] }
  - { name: East, share: 1, upload: 5000, download: 9000.0, latency: [90, 20] }
`;

const read = (text: string) => parseScenario(text) as SpreadScenario;

test("nodes stand where the table says, behind lines as fast as it says", () => {
  const scenario = decodeNetworkScenario(read(scenarioText(TABLE)));
  const { regions } = compileNetwork(scenario, regtest, 1).plan;
  expect(regions).toEqual({
    names: ["West", "East"],
    shares: [2, 1],
    meanLatencyMs: [
      [10, 80],
      [90, 20],
    ],
    upload: [20e6, 5e6],
    download: [40e6, 9e6],
  });
});

/** Mean seconds until all nodes have a block. */
function meanSpread(text: string): number {
  const run = spreadRun(read(text), regtest, 1);
  while (!run.done) run.advance(run.stepsTotal);
  const { all } = run.record().blocks;
  return all.reduce((sum, seconds) => sum + seconds, 0) / all.length;
}

test("ten times the distance is about ten times the time, in both fidelities", () => {
  const far = TABLE.replace("[10, 80]", "[100, 800]").replace("[90, 20]", "[900, 200]");
  const ofRelay = (text: string) =>
    text
      .replace("fidelity: network", "fidelity: relay")
      .replace(/^(?:network|run|topology): .*\n/gm, "")
      .replace("nodes: 12", "nodes: 60\nblocks: 20");
  for (const written of [scenarioText, (table: string) => ofRelay(scenarioText(table))]) {
    const ratio = meanSpread(written(far)) / meanSpread(written(TABLE));
    expect(ratio).toBeGreaterThan(4);
    expect(ratio).toBeLessThan(16);
  }
});

test("faults may name its regions, and no others", () => {
  const fault = (region: string) =>
    `faults:\n  - { fault: delay, milliseconds: 50, at: 1 min, for: 1 min, nodes: { region: ${region} } }\n`;
  const named = decodeNetworkScenario(read(scenarioText(TABLE + fault("East"))));
  expect(compileNetwork(named, regtest, 1).faults[0]?.nodes).toHaveLength(4);
  const text = scenarioText(TABLE + fault("Europe"));
  expect(problemsIn(text)).toEqual(["13:62 one of the regions West, East"]);
});

/** Line, column and what was expected. */
function problemsIn(text: string): string[] {
  try {
    const scenario = read(text);
    try {
      checkAnyScenario(scenario, regtest);
      return [];
    } catch (error) {
      const { problems } = error as InvalidScenarioText;
      return placeInText(problems, text).map(({ line, column, expected }) => `${line}:${column} ${expected}`);
    }
  } catch (error) {
    if (!(error instanceof InvalidScenarioText)) throw error;
    return error.problems.map(({ line, column, expected }) => `${line}:${column} ${expected}`);
  }
}

describe("what is wrong has its line", () => {
  test.each([
    ["a delay too small", TABLE.replace("[90, 20]", "[90, 5]"), /^11:.* milliseconds one way, more than 5$/],
    [
      "a row too short",
      TABLE.replace("[90, 20]", "[90]"),
      /^11:.* 2 delays, one to each region \(West, East\)$/,
    ],
    ["a line without speed", TABLE.replace("5000", "0"), /^11:.* kilobits a second, a whole number/],
    ["a share that is no number", TABLE.replace("share: 1", "share: most"), /^11:.* a whole number from 0/],
    ["a name twice", TABLE.replace("East", "West"), /^11:.* a name that region 0 does not have$/],
    ["nobody anywhere", TABLE.replace(/share: ./g, "share: 0"), /^10:.* a region with a share above 0$/],
    ["an unknown key", TABLE.replace("share: 1", "part: 1"), /^11:.* (a value|no key of this name.*)$/],
  ])("%s", (_, table, expected) => {
    const problems = problemsIn(scenarioText(table));
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(expected);
  });

  test("no table that the lab knows", () => {
    const text = scenarioText("").replace("regions:\n", "regions: mars\n");
    expect(problemsIn(text)[0]).toMatch(/^9:1 "bitcoin-2019", or a list of 1 to 64 regions/);
  });
});
