import { fileURLToPath } from "node:url";
import { runScenario } from "@fluxlab/sim";
import { playScenario } from "@fluxlab/sim/host";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, test } from "vitest";
import { browserTest } from "../support/chromium.ts";
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
  let bundle: string;

  beforeAll(async () => {
    const build = await rolldown({
      input: fileURLToPath(new URL("./shortRuns.ts", import.meta.url)),
      platform: "browser",
    });
    const { output } = await build.generate({ format: "iife", name: "lab" });
    await build.close();
    bundle = output[0].code;
  });

  browserTest("played in a page", async (page) => {
    await page.addScriptTag({ content: bundle });
    expect(await page.evaluate("lab.shortDigests()")).toEqual(expected);
  });

  browserTest("played in a page's worker", async (page) => {
    const script = `${bundle}\npostMessage(lab.shortDigests());`;
    const answer = page.evaluate(`new Promise((resolve, reject) => {
      const blob = new Blob([${JSON.stringify(script)}], { type: "text/javascript" });
      const worker = new Worker(URL.createObjectURL(blob));
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    })`);
    expect(await answer).toEqual(expected);
  });
});
