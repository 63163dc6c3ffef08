import { regtest } from "@fluxlab/core";
import { spreadScenarios } from "@fluxlab/scenarios";
import { checkAnyScenario } from "@fluxlab/sim";
import {
  decodeAnyScenario,
  formatScenario,
  InvalidInput,
  isSpread,
  parseScenario,
  scenarioHash,
} from "@fluxlab/sim/scenario";
import { describe, expect, test } from "vitest";

const valid = {
  fidelity: "network",
  name: "a-run",
  title: "A run",
  network: "regtest",
  nodes: 10,
  run: "1 h",
  blockInterval: "120 s",
};

const FEW = { cumulus: 1, nimbus: 0, stratus: 0 };

function problemsOf(data: object): string[] {
  try {
    checkAnyScenario(decodeAnyScenario(data), regtest);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map(({ path, expected }) => `${path.join(".")}|${expected}`);
  }
}

test.each(
  spreadScenarios.map((each) => [each.name, each] as const),
)("%s reads back from its YAML, with the same hash", (_, each) => {
  const again = parseScenario(formatScenario(each));
  expect(again).toEqual(each);
  expect(isSpread(again)).toBe(true);
  expect(scenarioHash(again)).toBe(scenarioHash(each));
});

test("defaults spelled out or left out are one question", () => {
  const left = decodeAnyScenario(valid);
  const spelled = decodeAnyScenario({
    ...valid,
    topology: { random: 8 },
    miners: 10,
    wire: "reference",
    seed: 3,
  });
  expect(scenarioHash(spelled)).toBe(scenarioHash(left));
});

test("a scenario that says it is of the economy is the same as one that says nothing", () => {
  const economy = {
    name: "e",
    title: "E",
    network: "main",
    from: 1_400_000,
    run: "1 day",
    population: { cumulus: 1, nimbus: 0, stratus: 0 },
  };
  expect(decodeAnyScenario({ ...economy, fidelity: "economy" })).toEqual(decodeAnyScenario(economy));
});

describe("what is wrong is named", () => {
  test.each<[string, object, RegExp]>([
    ["another fidelity", { fidelity: "exact" }, /^fidelity\|one of "economy", "relay", "network"/],
    ["no nodes", { nodes: 0 }, /^nodes\|a number of nodes, a whole number from 1 to 100000$/],
    ["a length in blocks", { run: "100 blocks" }, /^run\|a time such as "120 s"$/],
    ["blocks all at once", { blockInterval: "0 s" }, /^blockInterval\|a time such as/],
    ["a key of the relay model", { blocks: 5 }, /^blocks\|no key of this name; known here: fidelity, name/],
    ["more miners than nodes", { miners: 11 }, /^miners\|at most 10, as there are nodes$/],
    [
      "a ring too dense",
      { topology: { smallWorld: { degree: 5, rewiredPerMille: 0 } } },
      /less than half of the 10/,
    ],
    [
      "a link to nobody",
      { topology: { links: [[0, 10]] } },
      /^topology.links.0\|two node numbers from 0 to 9$/,
    ],
    ["a link to oneself", { topology: { links: [[1, 1]] } }, /^topology.links.0\|two different nodes$/],
    [
      "a link twice",
      {
        topology: {
          links: [
            [1, 2],
            [2, 1],
          ],
        },
      },
      /^topology.links.1\|each pair of nodes once$/,
    ],
    [
      "main",
      { network: "main" },
      /^network\|"lab", "regtest" or a network file, unless an "economy" or a chain/,
    ],
    [
      "proof of node elsewhere",
      { ponUpgrade: 5, fluxnodes: FEW },
      /^(?:fluxnodes|ponUpgrade)\|no such field/,
    ],
    ["proof of node of nobody", { network: "lab", ponUpgrade: 5 }, /^fluxnodes\|at least one FluxNode/],
    [
      "upgrades in the wrong order",
      { network: "lab", fluxnodes: FEW, ponUpgrade: 5, fluxUpgrade: 6 },
      /^fluxUpgrade\|at most 5: the Flux upgrade comes before/,
    ],
    [
      "one keyholder",
      { network: "lab", fluxnodes: FEW, ponUpgrade: 5, keyholders: { nodes: [1], after: "5 min" } },
      /^keyholders.nodes\|2 to 4 different nodes from 0 to 9/,
    ],
    [
      "keyholders without proof of node",
      { network: "lab", keyholders: { nodes: [1, 2], after: "5 min" } },
      /^keyholders\|no such field, or a ponUpgrade$/,
    ],
    [
      "a fault of an upgrade that is none",
      { network: "lab", faults: [{ fault: "never-upgrade", at: "1 s", nodes: "all" }] },
      /^faults.0.fault\|an upgrade in the run: fluxUpgrade or ponUpgrade$/,
    ],
  ])("%s", (_, change, expected) => {
    const problems = problemsOf({ ...valid, ...change });
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(expected);
  });
});
