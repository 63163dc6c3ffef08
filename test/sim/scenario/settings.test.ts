import { allScenarios } from "@fluxlab/scenarios";
import { InvalidInput, parseValue, settingPath, withSettings } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";

const named = (name: string) => allScenarios.find((each) => each.name === name)!;
const set = (name: string, path: string, value: string) =>
  withSettings(named(name), [{ path: settingPath(path), value: parseValue(value) }]);

test("a field, one in a list, one that was left out", () => {
  expect(set("mass-exit", "population.cumulus", "7")).toMatchObject({ population: { cumulus: 7 } });
  expect(set("mass-exit", "shocks.0.share", "1 in 9")).toMatchObject({ shocks: [{ share: "1 in 9" }] });
  expect(set("mass-exit", "population.nimbus", "{atStart: 1, atEnd: 2}")).toMatchObject({
    population: { nimbus: { atStart: 1, atEnd: 2 } },
  });
  expect(set("block-interval", "topology.random", "4")).toMatchObject({ topology: { random: 4 } });
});

test("the scenario itself stays as it was", () => {
  const before = JSON.stringify(named("mass-exit"));
  set("mass-exit", "shocks.0.share", "1 in 9");
  expect(JSON.stringify(named("mass-exit"))).toBe(before);
});

test("of two ends the one that is set counts", () => {
  const { run, to } = set("mass-exit", "to", "2100100") as { run?: string; to?: number };
  expect([run, to]).toEqual([undefined, 2_100_100]);
});

test("where everybody mines, everybody still does", () => {
  expect(set("block-interval", "nodes", "50")).toMatchObject({ nodes: 50, miners: 50 });
  expect(set("block-interval", "miners", "9")).toMatchObject({ nodes: 200, miners: 9 });
});

test.each([
  ["mass-exit", "populations.cumulus", "1"],
  ["mass-exit", "shocks.0.shares", "1 in 2"],
  ["mass-exit", "title.word", "1"],
  ["mass-exit", "population.cumulus", "many"],
])("%s: %s is refused", (name, path, value) => {
  expect(() => set(name, path, value)).toThrow(InvalidInput);
});
