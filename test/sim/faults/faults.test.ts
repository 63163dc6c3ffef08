import { NetworkRun } from "@fluxlab/sim";
import { labParams, type NetworkScenario, networkScenario } from "@fluxlab/sim/scenario";
import { describe, expect, test } from "vitest";
import type { Fault } from "../../../sim/src/faults/fault.ts";
import { injectFaults } from "../../../sim/src/faults/injectFaults.ts";
import { compileNetwork } from "../../../sim/src/scenario/compileSpread.ts";
import type { FaultInput } from "../../../sim/src/scenario/faultSchema.ts";
import { NetworkWorld } from "../../../sim/src/world/networkWorld.ts";

const SECOND = 1_000_000;

const scenarioOf = (faults: readonly FaultInput[], changes: Partial<NetworkScenario> = {}): NetworkScenario =>
  networkScenario({
    name: "test",
    title: "Test",
    network: "lab",
    nodes: 8,
    run: "40 min",
    blockInterval: "15 s",
    topology: { random: 3 },
    keepAlive: true,
    fluxnodes: { cumulus: 3, nimbus: 1, stratus: 1 },
    ...changes,
    faults,
  });

/** A world with faults in it, and how often each kind of observation was. */
function troubled(faults: readonly FaultInput[], changes?: Partial<NetworkScenario>) {
  const compiled = compileNetwork(scenarioOf(faults, changes), labParams, 3);
  const told = new Map<string, number>();
  let deepest = 0;
  const world = new NetworkWorld(compiled.plan, compiled.lab, (_node, observation) => {
    told.set(observation.kind, (told.get(observation.kind) ?? 0) + 1);
    if (observation.kind === "tip") deepest = Math.max(deepest, observation.disconnected);
  });
  injectFaults(world, compiled.faults);
  return {
    world,
    faults: compiled.faults as readonly Fault[],
    at: (minutes: number) => world.advance(minutes * 60 * SECOND),
    told: (kind: string) => told.get(kind) ?? 0,
    deepest: () => deepest,
    heights: () => world.nodes.map(({ chain }) => chain.tipHeight),
  };
}

const spread = (heights: readonly number[]): number => Math.max(...heights) - Math.min(...heights);
const half = { ids: [0, 1, 2, 3] } as const;
const when = { at: "5 min", for: "8 min" } as const;

test("a node whose clock is behind follows the chain as far as its clock lets it", () => {
  const slow = {
    fault: "clock",
    milliseconds: -900_000,
    at: "5 min",
    for: "35 min",
    nodes: { ids: [2] },
  } as const;
  const { world, at } = troubled([slow], {
    nodes: 3,
    topology: {
      links: [
        [0, 1],
        [1, 2],
      ],
    },
  });
  at(39);
  const { chain, adjustedTime } = world.nodes[2]!;
  const behind = adjustedTime - chain.headers().time(chain.tipHeight);
  expect(world.nodes[0]!.adjustedTime - adjustedTime).toBe(900);
  expect(behind).toBeLessThan(-100);
  expect(behind).toBeGreaterThanOrEqual(-360);
});

test("a partition parts the chains while it lasts", () => {
  const { at, deepest, heights } = troubled([{ fault: "partition", ...when, nodes: half }]);
  at(12.9);
  const before = deepest();
  at(40);
  expect(before).toBeLessThan(5);
  expect(deepest()).toBeGreaterThan(5);
  expect(spread(heights())).toBeLessThanOrEqual(3);
});

test("those who only hear nothing are still heard", () => {
  const { at, heights } = troubled([{ fault: "partition", direction: "in", ...when, nodes: { ids: [0] } }], {
    miners: 8,
  });
  at(5);
  const [before] = heights();
  at(12.9);
  const after = heights();
  expect(after[0]! - before!).toBeLessThan(Math.max(...after) - before!);
  at(40);
  expect(spread(heights())).toBeLessThanOrEqual(3);
});

test("overlapping troubles of links add up, and leave nothing behind", () => {
  const { world, at } = troubled([
    { fault: "delay", milliseconds: 700, at: "1 min", for: "4 min", nodes: "all" },
    { fault: "delay", milliseconds: 300, at: "2 min", for: "1 min", nodes: { ids: [0] } },
    { fault: "loss", perMille: 600, at: "2 min", for: "2 min", nodes: { ids: [1] } },
    { fault: "loss", perMille: 600, at: "2 min", for: "2 min", nodes: { ids: [1, 2] } },
  ]);
  const delay = (from: number, to: number) => world.faults.delay(world.faults.path(from, to));
  at(2.5);
  expect([delay(0, 5), delay(5, 0), delay(5, 6)]).toEqual([1_000_000, 1_000_000, 700_000]);
  expect(world.faults.loses(world.faults.path(1, 2))).toBe(true);
  at(6);
  expect(world.faults.active).toBe(false);
});

test("clogged messages come all at once", () => {
  const { at, heights } = troubled([{ fault: "clog", at: "5 min", for: "4 min", nodes: "all" }]);
  at(8.9);
  const clogged = spread(heights());
  at(40);
  expect(clogged).toBeGreaterThan(1);
  expect(spread(heights())).toBeLessThanOrEqual(3);
});

test("an eclipsed node hears of its attackers alone", () => {
  const { world, at } = troubled([{ fault: "eclipse", attackers: [1], ...when, nodes: { ids: [0] } }]);
  at(6);
  const cut = (from: number, to: number) => world.faults.isCut(world.faults.path(from, to));
  expect([cut(0, 1), cut(1, 0), cut(0, 2), cut(3, 0), cut(2, 3)]).toEqual([false, false, true, true, false]);
});

describe("killed nodes", () => {
  const kill = (disk: "whole" | "torn" | "wiped"): FaultInput => ({
    fault: "kill",
    disk,
    ...(disk === "torn" ? { blocks: 7 } : {}),
    ...when,
    nodes: { ids: [2] },
  });

  test.each(["whole", "torn", "wiped"] as const)("start again with a %s disk, and catch up", (disk) => {
    const { world, at, heights } = troubled([kill(disk)]);
    at(5);
    const before = heights()[2]!;
    at(12.9);
    expect(world.down[2]).toBe(1);
    const links = world.nodes.flatMap(({ peers }, node) =>
      peers.filter(({ id }) => node !== 2 && world.links.other(id, node) === 2),
    );
    expect(links).toEqual([]);
    world.advance(13 * 60 * SECOND);
    const found = heights()[2]!;
    expect(found).toBe({ whole: before, torn: before - 7, wiped: 0 }[disk]);
    at(40);
    expect(spread(heights())).toBeLessThanOrEqual(3);
    expect(world.nodes[2]!.peers.length).toBeGreaterThan(0);
  });
});

test("a paused node stands still and goes on", () => {
  const { at, heights } = troubled([{ fault: "pause", ...when, nodes: { ids: [3] } }]);
  at(5);
  const before = heights()[3];
  at(12.9);
  expect(heights()[3]).toBe(before);
  at(40);
  expect(spread(heights())).toBeLessThanOrEqual(3);
});

test("a slow disk makes a node late", () => {
  const { at, heights } = troubled([
    { fault: "slow-disk", milliseconds: 30_000, ...when, nodes: { ids: [3] } },
  ]);
  at(12.9);
  expect(Math.max(...heights()) - heights()[3]!).toBeGreaterThan(3);
  at(40);
  expect(spread(heights())).toBeLessThanOrEqual(3);
});

test("clocks jump, drift and are set right", () => {
  const { world, at } = troubled([
    { fault: "clock", milliseconds: 3_000, driftPpm: 1_000, ...when, nodes: { ids: [1] } },
    { fault: "clock", milliseconds: -500, stays: true, ...when, nodes: { ids: [2] } },
  ]);
  const ahead = (node: number) => world.localTime(node) - world.localTime(0);
  at(9);
  expect(ahead(1)).toBeGreaterThan(3_100_000);
  expect(ahead(1)).toBeLessThan(3_250_000);
  expect(ahead(2)).toBe(-500_000);
  at(40);
  expect(Math.abs(ahead(1) - 480_000)).toBeLessThan(1_000); // what it gained in eight minutes
  expect(ahead(2)).toBe(-500_000);
});

test("late upgraders leave the chain at the upgrade and come back when they have upgraded", () => {
  const { world, at, heights } = troubled(
    [{ fault: "late-upgrade", at: "10 min", for: "1 s", nodes: { ids: [0, 1] } }],
    { fluxUpgrade: 10 },
  );
  at(9.9);
  const { tree } = world.chain;
  const tip = (node: number) => world.nodes[node]!.chain.tip;
  expect(tree.height(tree.commonAncestor(tip(0), tip(5)))).toBe(129);
  expect(world.nodes[0]!.chain.shared).not.toBe(world.nodes[5]!.chain.shared);
  at(40);
  expect(world.nodes[0]!.chain.shared).toBe(world.nodes[5]!.chain.shared);
  expect(spread(heights())).toBeLessThanOrEqual(3);
});

describe("Byzantine nodes", () => {
  const bad = { at: "2 min", for: "30 min", nodes: { ids: [0] } } as const;

  test("invalid blocks are refused by all, and cost their sender its peers", () => {
    const { at, told, heights } = troubled([{ fault: "invalid-blocks", ...bad }]);
    at(40);
    expect(told("blockRefused")).toBeGreaterThan(0);
    expect(told("banned")).toBeGreaterThan(0);
    expect(spread(heights().slice(1))).toBeLessThanOrEqual(3);
  });

  test("blocks that one node withholds come from others", () => {
    const { at, heights } = troubled([{ fault: "withholding", ...bad }]);
    at(40);
    expect(spread(heights())).toBeLessThanOrEqual(3);
  });

  test("a selfish miner with most of the work takes others' blocks off", () => {
    const { at, deepest } = troubled([
      { fault: "hash-rate", times: 8, ...bad, for: "5 min" },
      { fault: "selfish-mining", ...bad, for: "5 min" },
    ]);
    at(40);
    expect(deepest()).toBeGreaterThan(1);
  });

  test("spam of headers and transactions stops nobody", () => {
    const { world, at, told, heights } = troubled([
      { fault: "header-spam", ...bad },
      { fault: "tx-spam", ...bad },
    ]);
    at(40);
    expect(world.tally.byCommand.get("headers")!.messages).toBeGreaterThan(1_000);
    expect(told("transaction")).toBeGreaterThan(10);
    expect(spread(heights().slice(1))).toBeLessThanOrEqual(3);
  });
});

describe("people", () => {
  const confirmed = (world: NetworkWorld) =>
    [...world.nodes[0]!.chain.state().fluxnodes()].filter(({ status }) => status === "confirmed").length;

  test("operators keep their FluxNodes, unless benchmarks fail for long", () => {
    const all = { fault: "benchmark-failure", at: "1 s", for: "39 min", nodes: "all" } as const;
    const [kept, failed] = [troubled([]), troubled([all])];
    for (const each of [kept, failed]) each.at(38);
    expect(confirmed(kept.world)).toBe(5);
    expect(confirmed(failed.world)).toBe(0);
  });

  test("FluxNodes whose collateral is sold are gone", () => {
    const { world, at } = troubled([{ fault: "collateral-spend", at: "5 min", nodes: { tier: "cumulus" } }]);
    at(40);
    expect(confirmed(world)).toBeLessThan(3);
  });

  test("hash rate makes blocks faster, and none makes none", () => {
    const [plain, surge, none] = [1, 10, 0].map((times) =>
      troubled([{ fault: "hash-rate", times, at: "1 s", for: "10 min", nodes: "all" }]),
    );
    for (const each of [plain, surge, none]) each!.at(10);
    expect(surge!.world.blocksMined).toBeGreaterThan(5 * plain!.world.blocksMined);
    expect(none!.world.blocksMined).toBeLessThanOrEqual(1);
  });

  test("double locks and a stale relayer change no balance that they should not", () => {
    const run = new NetworkRun(
      scenarioOf(
        [
          { fault: "double-lock", ...when, nodes: "all" },
          { fault: "stale-relayer", ...when, nodes: "all" },
          { fault: "partition", ...when, nodes: half },
        ],
        { swaps: true, check: true },
      ),
      labParams,
      4,
    );
    run.advance(run.stepsTotal);
    expect(run.findings).toEqual([]);
  });
});
