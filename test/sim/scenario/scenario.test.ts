import { mainnet } from "@fluxlab/core";
import { scenarios } from "@fluxlab/scenarios";
import { checkScenario } from "@fluxlab/sim";
import {
  decodeScenario,
  formatScenario,
  InvalidInput,
  InvalidScenarioText,
  parseScenario,
  placeInText,
  type ScenarioInput,
  scenario,
  scenarioHash,
} from "@fluxlab/sim/scenario";
import { describe, expect, test } from "vitest";

const valid: ScenarioInput = {
  name: "a-run",
  title: "A run",
  network: "main",
  from: 1_400_000,
  run: "1 day",
  population: { cumulus: 10, nimbus: { atStart: 5, atEnd: 8 }, stratus: 0 },
};

/** "path: expected" of every problem. */
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

test.each(
  scenarios.map((each) => [each.name, each] as const),
)("%s reads back from its YAML, with the same hash", (_, each) => {
  const again = parseScenario(formatScenario(each));
  expect(again).toEqual(each);
  expect(scenarioHash(again)).toBe(scenarioHash(each));
});

test("defaults spelled out or left out are one question; the seed is not part of it", () => {
  const spelled = scenario({
    ...valid,
    supplyCap: "440000000 FLUX",
    operators: { lifetime: "forever", outageEvery: "never" },
    seed: 9,
  });
  expect(scenarioHash(spelled)).toBe(scenarioHash(scenario(valid)));
  expect(scenarioHash(scenario({ ...valid, from: 1_400_001 }))).not.toBe(scenarioHash(scenario(valid)));
});

const bridge = {
  source: "FLUX",
  target: "ETH",
  amount: "2000 FLUX",
  confirmations: [1, 10],
  reorganisations: [1, 40],
};

test("a bridge is part of the question", () => {
  const asked = scenario({ ...valid, bridge });
  expect(problemsOf(asked)).toEqual([]);
  const other = scenario({ ...valid, bridge: { ...bridge, confirmations: [1, 11] } });
  expect(new Set([valid, asked, other].map((each) => scenarioHash(scenario(each)))).size).toBe(3);
});

test.each<[string, object, RegExp]>([
  ["an unknown chain", { source: "BTC" }, /^bridge.source\|one of "FLUX", "KDA",.*"BASE"\|"BTC"$/],
  ["a missing part", { amount: undefined }, /^bridge.amount\|a value/],
  ["an amount without unit", { amount: "2000" }, /^bridge.amount\|an amount such as/],
  ["no number of confirmations", { confirmations: [] }, /^bridge.confirmations\|a list of 1 to 20/],
  ["numbers that fall", { reorganisations: [5, 1] }, /^bridge.reorganisations\|a list .*rising.*\|\[5,1\]$/],
  [
    "a number that is none",
    { reorganisations: [1, 0.5] },
    /^bridge.reorganisations.1\|a number of blocks.*\|0.5$/,
  ],
  ["an unknown key", { depth: 3 }, /^bridge.depth\|no key.*known here: source, target, amount/],
  ["one chain twice", { target: "FLUX" }, /^bridge.target\|a chain other than the source, FLUX\|"FLUX"$/],
  ["nothing locked", { amount: "0 FLUX" }, /^bridge.amount\|more than 0 and at most 2500000.00000000 FLUX/],
  [
    "more than there is",
    { amount: "2500000.00000001 FLUX" },
    /^bridge.amount\|more than 0 and at most 2500000.0/,
  ],
  ["no cost of a foreign block", { source: "BSC" }, /^bridge.blockCost\|what one block of BSC costs/],
])("a bridge with %s", (_, change, expected) => {
  const written = Object.fromEntries(
    Object.entries({ ...bridge, ...change }).filter(([, value]) => value !== undefined),
  );
  expect(problemsOf({ ...valid, bridge: written })[0]).toMatch(expected);
});

describe("what is wrong is named by path, expectation and value", () => {
  test.each<[string, object, RegExp]>([
    ["an unknown key", { colour: 1 }, /^colour\|no key of this name; known here: name, title.*\|1$/],
    [
      "an unknown tier",
      { population: { ...valid.population, titan: 3 } },
      /^population\.titan\|no key.*begin, cumulus, nimbus/,
    ],
    ["a wrong unit", { run: "30 dyas" }, /^run\|a duration such as "30 days".*\|"30 dyas"$/],
    ["a number without a unit", { run: 30 }, /^run\|a duration.*\|30$/],
    ["an amount without a unit", { supplyCap: "440000000" }, /^supplyCap\|an amount such as/],
    ["an amount below a satoshi", { supplyCap: "0.000000001 FLUX" }, /^supplyCap\|/],
    ["heights out of order", { run: undefined, to: 1_399_999 }, /^to\|a height from 1400000 .*\|1399999$/],
    ["neither end", { run: undefined }, /^\|exactly one of "run".*\|"neither"$/],
    ["both ends", { to: 1_500_000 }, /^\|exactly one of "run".*\|"both"$/],
    [
      "a negative population",
      { population: { ...valid.population, cumulus: -1 } },
      /^population\.cumulus\|a number of operators.*\|-1$/,
    ],
    [
      "half an operator",
      { population: { ...valid.population, nimbus: { atStart: 1, atEnd: 0.5 } } },
      /^population\.nimbus\.atEnd\|/,
    ],
    [
      "a missing tier",
      { population: { cumulus: 1, nimbus: 1 } },
      /^population\.stratus\|a value\|undefined$/,
    ],
    ["an unknown network", { network: "mian" }, /^network\|"main", "test"/],
    ["a chance above one", { operators: { missedStarts: "3 in 2" } }, /^operators\.missedStarts\|a chance/],
    [
      "a chance of nothing in nothing",
      { operators: { missedStarts: "0 in 0" } },
      /^operators\.missedStarts\|/,
    ],
    ["a day that is not", { startDate: "2022-02-29" }, /^startDate\|a date such as/],
    [
      "an unknown reward model",
      { parallelAssets: { model: "wp3", released: 1 } },
      /^parallelAssets\.model\|one of "wp2-equal"/,
    ],
    [
      "more chains than there are",
      { parallelAssets: { model: "wp1-table", released: 11 } },
      /^parallelAssets\.released\|/,
    ],
    ["a run of no blocks", { run: "0 blocks" }, /^run\|at least one block/],
    ["a run beyond reason", { run: "999999999 blocks" }, /^run\|at most 200000000 blocks/],
    [
      "FluxNodes before they exist",
      { from: 100 },
      /^population\.cumulus\|0: the run ends before FluxNodes exist/,
    ],
    [
      "rotation before the first confirm",
      { from: 558_001 },
      /^population\.begin\|a time to join over.*558002/,
    ],
  ])("%s", (_, change, expected) => {
    const written = Object.fromEntries(
      Object.entries({ ...valid, ...change }).filter(([, value]) => value !== undefined),
    );
    const problems = problemsOf(written);
    expect(problems[0]).toMatch(expected);
  });

  test.each([null, "text", 7, [], true])("%j is no scenario", (data) => {
    expect(problemsOf(data).length).toBeGreaterThan(0);
  });

  test("all at once, in the order of the file, with lines", () => {
    const text =
      "name: A Run\ntitle: x\nnetwork: main\nfrom: 1\nrun: soon\npopulation:\n  cumulus: -5\n  nimbus: 0\n  stratus: 0\n";
    const problems = problemsInText(text);
    expect(problems.map(({ line, column, path }) => [line, column, path.join(".")])).toEqual([
      [1, 1, "name"],
      [5, 1, "run"],
      [7, 3, "population.cumulus"],
    ]);
  });

  test.each([
    "a: [",
    "a: b: c",
    "\t\tx: 1\n\ty",
    "{",
    "a: &x *y",
    "- - -\n  x: [",
  ])("text that is not YAML: %j", (text) => {
    expect(problemsInText(text)).toHaveLength(1);
  });

  test("a problem only the network can tell is placed too", () => {
    const text = formatScenario(scenario({ ...valid, from: 100 }));
    const placed = placeInText([{ path: ["population", "cumulus"], expected: "0", got: 10 }], text);
    expect(text.split("\n")[placed[0]!.line - 1]).toContain("cumulus");
  });
});

function problemsInText(text: string) {
  try {
    parseScenario(text);
  } catch (error) {
    if (error instanceof InvalidScenarioText) return error.problems;
    throw error;
  }
  throw new Error(`was accepted: ${text}`);
}
