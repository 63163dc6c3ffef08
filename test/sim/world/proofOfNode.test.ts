import {
  emergencyStatus,
  isEmergencyBlock,
  nobleEcdsa,
  type Observation,
  outpointKey,
  type PonHeader,
  ponSchedule,
  productionRound,
  slotNumber,
  toWireHex,
} from "@fluxlab/core";
import { NetworkRun } from "@fluxlab/sim";
import { labParams, type NetworkScenario, networkScenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { injectFaults } from "../../../sim/src/faults/injectFaults.ts";
import { compileNetwork } from "../../../sim/src/scenario/compileSpread.ts";
import { Keyholders } from "../../../sim/src/world/keyholders.ts";
import { HISTORY_BLOCKS } from "../../../sim/src/world/labHistory.ts";
import { NetworkWorld } from "../../../sim/src/world/networkWorld.ts";

const SECOND = 1_000_000;
const UPGRADE = 6;
const ACTIVATION = HISTORY_BLOCKS + UPGRADE;

const scenario = (changes: Partial<NetworkScenario> = {}): NetworkScenario =>
  networkScenario({
    name: "test",
    title: "Test",
    network: "lab",
    nodes: 12,
    run: "1 h",
    blockInterval: "15 s",
    topology: { random: 6 },
    fluxnodes: { cumulus: 5, nimbus: 3, stratus: 2 },
    ponUpgrade: UPGRADE,
    ...changes,
  });

interface Told {
  readonly node: number;
  readonly observation: Observation;
  /** Seconds. */
  readonly time: number;
}

function played(minutes: number, changes?: Partial<NetworkScenario>) {
  const { plan, lab, faults } = compileNetwork(scenario(changes), labParams, 5);
  const told: Told[] = [];
  const world = new NetworkWorld(plan, lab, (node, observation, time) =>
    told.push({ node, observation, time: time / SECOND }),
  );
  injectFaults(world, faults);
  if (plan.keyholders !== undefined) new Keyholders(world, plan.keyholders).watch();
  world.advance(minutes * 60 * SECOND);
  return { world, told };
}

/** Headers of a node's chain from the activation on, with their rows. */
function ponChain({ nodes }: NetworkWorld, node = 0) {
  const { chain } = nodes[node]!;
  const { tree } = chain.shared;
  const rows: { readonly row: number; readonly header: PonHeader }[] = [];
  for (let height = ACTIVATION; height <= chain.tipHeight; height++) {
    const row = tree.ancestor(chain.tip, height);
    const header = tree.header(row);
    if (header.kind !== "pon") throw new Error(`block ${height} is one of proof of work`);
    rows.push({ row, header });
  }
  return rows;
}

const tips = ({ nodes }: NetworkWorld): Set<string> =>
  new Set(nodes.map(({ chain }) => toWireHex(chain.tipHash)));

test("nodes cross to proof of node and live in it: the first of each slot's rank makes its block, when its turn comes", () => {
  const { world } = played(25); // before blocks are folded
  const { shared } = world.nodes[0]!.chain;
  const { tree, params } = shared;
  expect(tips(world).size).toBe(1);
  const last = tree.header(tree.ancestor(world.nodes[0]!.chain.tip, ACTIVATION - 1));
  expect(last.kind).toBe("pow");
  const chain = ponChain(world);
  expect(chain.length).toBeGreaterThan(30);
  for (const { row, header } of chain) {
    const parent = tree.parent(row);
    const round = productionRound(shared.stateAfter(parent), tree.history(parent), params);
    const [slot] = ponSchedule(round, slotNumber(header.time, params), 1, params);
    expect(outpointKey(header.collateral)).toBe(outpointKey(slot!.producers[0]!.collateral));
    expect(header.time).toBe(slot!.producers[0]!.mintTime);
  }
});

test("a slot in which nobody who is up drew goes by without a block, and so do those of nodes that are down", () => {
  const down = { fault: "kill", at: "10 min", for: "30 min", nodes: { share: "1 in 2" } } as const;
  const { world } = played(39, { faults: [down] });
  const { shared } = world.nodes[0]!.chain;
  const { tree, params } = shared;
  const up = world.nodes.findIndex((_, node) => world.down[node] === 0);
  const running = new Set(
    [...world.operators].flatMap(([node, own]) =>
      world.down[node] === 0 ? own.map(({ fluxnode }) => outpointKey(fluxnode.collateral)) : [],
    ),
  );
  const chain = ponChain(world, up);
  let passedOver = 0;
  chain.slice(1).forEach(({ row, header }, i) => {
    const parent = chain[i]!;
    const from = slotNumber(parent.header.time, params) + 1;
    const to = slotNumber(header.time, params);
    if (parent.header.time < world.plan.startSeconds + 700) return;
    const round = productionRound(shared.stateAfter(parent.row), tree.history(parent.row), params);
    for (const { producers } of ponSchedule(round, from, to - from, params)) {
      if (producers.length > 0) passedOver++;
      for (const { collateral, mintTime } of producers) {
        if (mintTime !== undefined) expect(running.has(outpointKey(collateral))).toBe(false);
      }
    }
    expect(running.has(outpointKey(header.collateral))).toBe(true);
    expect(row).toBeGreaterThan(parent.row);
  });
  expect(passedOver).toBeGreaterThan(3);
});

test("a node's clock decides when its slots are", () => {
  const ahead = 13;
  const fast = {
    fault: "clock",
    milliseconds: ahead * 1_000,
    at: "1 s",
    for: "39 min",
    nodes: { share: "1 in 2" },
  } as const;
  const { world, told } = played(39, { faults: [fast] });
  const { tree } = world.chain;
  const early = new Map<string, number>();
  for (const { node, observation, time } of told) {
    if (observation.kind !== "produced" || observation.height < ACTIVATION) continue;
    const row = tree.find(observation.hash);
    if (row < 0) continue;
    const stamp = tree.time(row) - world.plan.startSeconds - Math.floor(time);
    expect(stamp === 0 || stamp === ahead).toBe(true);
    early.set(`${stamp}`, (early.get(`${stamp}`) ?? 0) + 1);
    const local = Math.floor(world.clocks.offset[node]! / SECOND);
    expect(stamp).toBe(local);
  }
  expect([...early.values()].every((count) => count > 5)).toBe(true);
  expect(early.size).toBe(2);
});

test("under the old rules proof of work goes on, and neither side takes the other's blocks", () => {
  const late = { fault: "never-upgrade", at: "0 s", nodes: { ids: [0, 1, 2, 3, 4] } } as const;
  const { world } = played(40, { faults: [late] });
  const [old, upgraded] = [world.nodes[0]!.chain, world.nodes[8]!.chain];
  const { tree } = old.shared;
  expect(tree.height(tree.commonAncestor(old.tip, upgraded.tip))).toBe(ACTIVATION - 1);
  expect(tree.header(old.tip).kind).toBe("pow");
  expect(tree.header(upgraded.tip).kind).toBe("pon");
  expect(old.tipHeight).toBeGreaterThan(ACTIVATION + 10);
  expect(tips(world).size).toBe(2);
});

test("late upgraders come over when they start again under the new rules, and then make blocks too", () => {
  const late = { fault: "late-upgrade", at: "15 min", nodes: { share: "1 in 2" } } as const;
  const { world } = played(60, { faults: [late] });
  expect(tips(world).size).toBe(1);
  const lateCollaterals = new Set(
    world.plan.late!.nodes.flatMap((node) =>
      (world.operators.get(node) ?? []).map(({ fluxnode }) => outpointKey(fluxnode.collateral)),
    ),
  );
  const theirs = ponChain(world).map(({ header }) => lateCollaterals.has(outpointKey(header.collateral)));
  const until = world.plan.startSeconds + 15 * 60;
  const before = ponChain(world).filter(({ header }) => header.time < until).length;
  expect(theirs.slice(0, before)).not.toContain(true);
  expect(theirs.slice(before).filter(Boolean).length).toBeGreaterThan(3);
});

test("messages that are written to bytes and read again change nothing", () => {
  const [asObjects, asBytes] = (["reference", "bytes"] as const).map((wire) => played(12, { wire }).world);
  expect(asBytes!.digest()).toBe(asObjects!.digest());
});

test("keyholders bring a chain that stands still on, each block signed by two of them, and stay away from one that goes", () => {
  const keyholders = { nodes: [0, 1, 2], after: "3 min", handling: "20 s" } as const;
  const { world: calm } = played(30, { keyholders });
  const emergencies = (world: NetworkWorld) =>
    ponChain(world).filter(({ header }) => isEmergencyBlock(header, world.chain.params));
  expect(emergencies(calm)).toEqual([]);

  const hosts = new Set(calm.plan.operators);
  const outOfOrder = { fault: "kill", at: "4 min", for: "40 min", nodes: { ids: [...hosts] } } as const;
  const spared = Array.from({ length: 12 }, (_, node) => node).filter((node) => !hosts.has(node));
  const watching = { ...keyholders, nodes: spared.slice(0, 2) };
  const { world, told } = played(40, { keyholders: watching, faults: [outOfOrder] });
  const { nodes, chain } = world;
  const { tree, params } = chain;
  const made: PonHeader[] = [];
  const view = nodes[spared[0]!]!.chain;
  for (let height = ACTIVATION; height <= view.tipHeight; height++) {
    const header = tree.header(tree.ancestor(view.tip, height));
    if (header.kind === "pon" && isEmergencyBlock(header, params)) made.push(header);
  }
  expect(made.length).toBeGreaterThan(5);
  for (const header of made) {
    const status = emergencyStatus({ header, transactions: [] }, nobleEcdsa, params);
    expect(status).toMatchObject({ signatures: 2, valid: true });
  }
  const last = told.findLast(({ observation }) => observation.kind === "produced")!;
  expect(watching.nodes).toContain(last.node);
  const times = made.map(({ time }) => time);
  for (const [i, time] of times.slice(1).entries()) expect(time - times[i]!).toBeGreaterThanOrEqual(180);

  const { world: alone } = played(40, { faults: [outOfOrder] });
  expect(alone.nodes[spared[0]!]!.chain.tipHeight).toBeLessThan(view.tipHeight - made.length + 2);
});

test("a producer that signs two blocks for a slot parts its peers until the next block", () => {
  const twoFaced = { fault: "equivocation", at: "1 s", for: "39 min", nodes: "all" } as const;
  const { world, told } = played(39, { faults: [twoFaced] });
  const { tree, params } = world.chain;
  const bySlot = new Map<string, Set<string>>();
  const parted = new Set<string>();
  for (const { observation } of told) {
    if (observation.kind !== "tip" || observation.height < ACTIVATION) continue;
    const row = tree.find(observation.hash);
    const header = row < 0 ? undefined : tree.header(row);
    if (header?.kind !== "pon") continue;
    const key = `${outpointKey(header.collateral)} ${slotNumber(header.time, params)} ${toWireHex(header.previousHash)}`;
    bySlot.set(key, (bySlot.get(key) ?? new Set()).add(toWireHex(observation.hash)));
    if (bySlot.get(key)!.size === 2) parted.add(key);
  }
  expect(parted.size).toBeGreaterThan(10);
  world.advance(39 * 60 * SECOND);
  expect(ponChain(world).length).toBeGreaterThan(40);
});

test.each([
  ["selfish-mining", "a producer that keeps its blocks until others have as many"],
  ["withholding", "a producer that tells of its blocks and hands none over"],
] as const)("%s under proof of node: %s", (fault, _) => {
  const run = new NetworkRun(
    scenario({
      check: true,
      run: "50 min",
      keepAlive: true,
      faults: [{ fault, at: "2 min", for: "25 min", nodes: { ids: [0, 1, 2] } }],
    }),
    labParams,
    5,
  );
  run.advance(run.stepsTotal);
  expect(run.findings).toEqual([]);
  const { upgrade } = run.record();
  expect(upgrade!.upgraded.blocks.proofOfNode).toBeGreaterThan(40);
});
