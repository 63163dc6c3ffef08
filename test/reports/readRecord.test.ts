import { mainnet } from "@fluxlab/core";
import { readRecord } from "@fluxlab/reports/metrics";
import { scenarios } from "@fluxlab/scenarios";
import { type RunRecord, runScenario } from "@fluxlab/sim";
import { decodeScenario, type Scenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { recordJson } from "../../reports/src/json.ts";

const FEW = { cumulus: 40, nimbus: 20, stratus: 10 };

/** The scenario with fewer nodes over fewer blocks. */
const short = ({ run: _run, ...scenario }: Scenario): RunRecord => {
  const population = { ...FEW, begin: scenario.population.begin };
  const data = { ...scenario, population, to: scenario.from + 800 };
  return runScenario(decodeScenario(data), mainnet, 3);
};

test.each(
  scenarios.map((scenario) => [scenario.name, scenario] as const),
)("the record of %s reads back from its JSON as it was", (_, scenario) => {
  const record = short(scenario);
  const read = readRecord(recordJson(record));
  expect(read).toEqual(record);
  expect(read.samples.supply).toBeInstanceOf(BigUint64Array);
});

test("events carry their amounts back", () => {
  const scenario = decodeScenario({
    name: "events",
    title: "Halving",
    network: "main",
    from: 1_313_100,
    run: "200 blocks",
    population: FEW,
  });
  const record = runScenario(scenario, mainnet, 1);
  expect(record.events.some(({ type }) => type === "subsidy")).toBe(true);
  expect(readRecord(recordJson(record)).events).toEqual(record.events);
});

test.each(["{}", "null", '{"format":2,"fidelity":"economy"}'])("%s is no record", (text) => {
  expect(() => readRecord(text)).toThrow("not a record");
});
