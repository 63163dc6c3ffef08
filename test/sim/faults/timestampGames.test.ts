import { maxAhead, medianTimePast } from "@fluxlab/core";
import { NetworkRun } from "@fluxlab/sim";
import { labParams, type NetworkScenario, networkScenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { injectFaults } from "../../../sim/src/faults/injectFaults.ts";
import { compileNetwork } from "../../../sim/src/scenario/compileSpread.ts";
import { NetworkWorld } from "../../../sim/src/world/networkWorld.ts";

const SECOND = 1_000_000;

const game = (stamp: "early" | "late", nodes: "all" | { ids: number[] }): NetworkScenario =>
  networkScenario({
    name: "game",
    title: "A game with time",
    network: "lab",
    nodes: 6,
    run: "50 min",
    blockInterval: "20 s",
    topology: { random: 3 },
    fluxnodes: { cumulus: 2, nimbus: 1, stratus: 1 },
    faults: [{ fault: "timestamp-games", stamp, at: "2 min", for: "20 min", nodes }],
  });

/** Plays a game and tells, of each block, its time since the world began and since the median of those before it. */
function played(scenario: NetworkScenario) {
  const { plan, lab, faults } = compileNetwork(scenario, labParams, 2);
  const world = new NetworkWorld(plan, lab, () => {});
  injectFaults(world, faults);
  world.advance(plan.duration);
  const { chain } = world.nodes[0]!;
  const { tree } = chain.shared;
  const mined: { ahead: number; afterMedian: number }[] = [];
  for (let row = chain.tip; tree.height(row) > plan.history!.blocks.length + 1; row = tree.parent(row)) {
    const median = medianTimePast(tree.history(tree.parent(row)));
    const seconds = tree.time(row);
    mined.push({ ahead: seconds - plan.startSeconds, afterMedian: seconds - median });
  }
  return { world, mined };
}

test("early blocks come just after the median of those before, and the chain goes on", () => {
  const { mined, world } = played(game("early", "all"));
  expect(mined.length).toBeGreaterThan(80);
  // One second after the median each, once the blocks before are as early.
  expect(mined.filter(({ afterMedian }) => afterMedian === 1).length).toBeGreaterThan(30);
  expect(mined.every(({ afterMedian }) => afterMedian >= 1)).toBe(true);
  expect(new Set(world.nodes.map(({ chain }) => chain.tip)).size).toBe(1);
});

test("late blocks are as far ahead as others let in, and no further", () => {
  const { mined, world } = played(game("late", { ids: [0, 1] }));
  const limit = maxAhead("pow", 1_000, labParams);
  const until = world.plan.duration / SECOND;
  expect(mined.some(({ ahead }) => ahead > limit)).toBe(true);
  expect(mined.every(({ ahead }) => ahead <= until + limit)).toBe(true);
  expect(new Set(world.nodes.map(({ chain }) => chain.tip)).size).toBe(1);
});

test.each(["early", "late"] as const)("checkers find nothing in %s blocks of a few, nor of all", (stamp) => {
  for (const nodes of ["all", { ids: [2] }] as const) {
    const run = new NetworkRun(game(stamp, nodes as never), labParams, 5);
    run.advance(run.stepsTotal);
    expect(run.findings).toEqual([]);
  }
});
