import { spreadRun } from "@fluxlab/sim";
import { labParams, networkScenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { splits } from "../../../reports/src/metrics/agreement.ts";

/** Two halves of four, cut from each other; everybody mines. */
const cut = (faults: boolean) => {
  const scenario = networkScenario({
    name: "cut",
    title: "A cut",
    network: "regtest",
    nodes: 8,
    run: "20 min",
    blockInterval: "10 s",
    topology: { random: 4 },
    check: false,
    ...(faults
      ? { faults: [{ fault: "partition", at: "5 min", for: "5 min", nodes: { ids: [0, 1, 2, 3] } }] }
      : {}),
  });
  const run = spreadRun(scenario, labParams, 1);
  run.advance(Number.MAX_SAFE_INTEGER);
  return run.record();
};

test("half of the nodes are apart while a network is cut, and none before or after", () => {
  const { agreement } = cut(true);
  const { seconds, up, apart, depth } = agreement!;
  expect(new Set(up)).toEqual(new Set([8]));
  for (const [i, time] of seconds.entries()) {
    if (time < 300 || time > 700) expect(apart[i], `at ${time} s`).toBe(0);
    if (time > 400 && time < 600) expect(apart[i], `at ${time} s`).toBe(4);
  }
  const [split, ...others] = splits(agreement!);
  expect(others).toEqual([]);
  expect(split!.nodes).toBe(4);
  expect(split!.open).toBe(false);
  expect(split!.depth).toBe(Math.max(...depth));
  expect(split!.depth).toBeGreaterThan(5);
});

test("nobody is apart where nothing is cut", () => {
  expect(splits(cut(false).agreement!)).toEqual([]);
});

test("a split that is over for one sample is one split, and an open one says so", () => {
  const of = (...apart: number[]) => ({
    seconds: Float64Array.from(apart.keys()),
    apart: Uint32Array.from(apart),
    depth: Uint32Array.from(apart, (count) => count * 2),
    up: new Uint32Array(apart.length),
    height: new Uint32Array(apart.length),
    queues: { cumulus: new Uint32Array(0), nimbus: new Uint32Array(0), stratus: new Uint32Array(0) },
  });
  expect(splits(of(0, 1, 0, 3, 0, 0, 2))).toEqual([
    { from: 1, to: 3, nodes: 3, depth: 6, open: false },
    { from: 6, to: 6, nodes: 2, depth: 4, open: true },
  ]);
  expect(splits(of(1, 0))).toEqual([{ from: 0, to: 0, nodes: 1, depth: 2, open: false }]);
});
