import { runScenario } from "@fluxlab/sim";
import { playScenario } from "@fluxlab/sim/host";
import { describe, expect, test } from "vitest";
import { bundle } from "../support/bundle.ts";
import { browserTest, callInPage, callInPageWorker } from "../support/chromium.ts";
import { economyRuns, shortDigests, shortRuns, slicedDigests } from "./shortRuns.ts";
import { TRAPPED, withTraps } from "./traps.ts";

// A run is commit, scenario and seed, and nothing else: not the host, not the clock, not how it was cut into slices.

const expected = shortDigests();

test.each(economyRuns)("$scenario.name has every kind of event", ({ scenario, params, seed }) => {
  const { counts } = runScenario(scenario, params, seed);
  expect(Object.entries(counts).filter(([, times]) => times === 0)).toEqual([]);
});

test("digests tell runs apart", () => {
  expect(new Set([...expected, ...shortDigests(8)]).size).toBe(2 * expected.length);
});

test("played again", () => {
  expect(shortDigests()).toEqual(expected);
});

test("played in a worker thread", async () => {
  const played = shortRuns.map(({ seed, ...loaded }) => playScenario(loaded, seed, { worker: true }));
  expect((await Promise.all(played)).map(({ digest }) => digest)).toEqual(expected);
});

test.each(TRAPPED.map(([target, name]) => ({ target, name })))("the trap $name springs", ({
  target,
  name,
}) => {
  const reach = (): unknown => Reflect.get(target, name);
  expect(reach).not.toThrow();
  expect(() => withTraps(reach)).toThrow(name);
  expect(reach).not.toThrow();
});

test("played with clock, chance, timers and inexact mathematics trapped", () => {
  expect(withTraps(() => shortDigests())).toEqual(expected);
});

test.each([1, 7, 10_000])("played in slices of %i steps", (blocks) => {
  expect(slicedDigests(blocks)).toEqual(expected);
});

describe("in Chromium", () => {
  const script = bundle(new URL("./shortRuns.ts", import.meta.url), "lab");

  browserTest("played in a page", async (page) => {
    expect(await callInPage(page, await script, "lab.shortDigests()")).toEqual(expected);
  });

  browserTest("played in a page's worker", async (page) => {
    expect(await callInPageWorker(page, await script, "lab.shortDigests()")).toEqual(expected);
  });
});
