import { type Observation, regtest, toWireHex } from "@fluxlab/core";
import { minutes, type NetworkScenario, networkScenario, seconds } from "@fluxlab/sim/scenario";
import { describe, expect, test } from "vitest";
import { compileNetwork } from "../../../sim/src/scenario/compileSpread.ts";
import { NetworkWorld } from "../../../sim/src/world/networkWorld.ts";

const SECOND = 1_000_000;

const scenario = (changes: Partial<NetworkScenario> = {}): NetworkScenario =>
  networkScenario({
    name: "test",
    title: "Test",
    network: "regtest",
    nodes: 16,
    run: minutes(10),
    blockInterval: seconds(20),
    topology: { random: 4 },
    keepAlive: true,
    ...changes,
  });

interface Told {
  readonly node: number;
  readonly observation: Observation;
}

function world(changes?: Partial<NetworkScenario>, told: Told[] = []): NetworkWorld {
  const { plan, lab } = compileNetwork(scenario(changes), regtest, 5);
  return new NetworkWorld(plan, lab, (node, observation) => told.push({ node, observation }));
}

const tips = ({ nodes }: NetworkWorld): Set<string> =>
  new Set(nodes.map(({ chain }) => toWireHex(chain.tipHash)));

test("nodes connect, follow the miners' blocks and agree", () => {
  const told: Told[] = [];
  const played = world({}, told);
  played.advance(600 * SECOND);
  const { nodes, links, chain, plan } = played;
  expect(plan.topology.outbound.reduce((sum, count) => sum + count, 0)).toBe(16 * 4);
  nodes.forEach(({ peers }, node) => {
    expect(peers.length).toBe(plan.topology.starts[node + 1]! - plan.topology.starts[node]!);
    for (const { id } of peers)
      expect(links.isOpen(id, node) && links.isOpen(id, links.other(id, node))).toBe(true);
  });
  expect(played.blocksMined).toBeGreaterThan(15);
  expect(nodes.map(({ chain: { tipHeight } }) => tipHeight).toSorted((a, b) => a - b)[0]).toBeGreaterThan(10);
  expect(tips(played).size).toBe(1);
  const kinds = new Set(told.map(({ observation }) => observation.kind));
  expect(kinds).toEqual(new Set(["peer", "produced", "tip"]));
  expect(chain.params.kind).toBe("lab");
});

test("messages that are written to bytes and read again change nothing", () => {
  const [asObjects, asBytes] = [world(), world({ wire: "bytes" })];
  for (const each of [asObjects, asBytes]) each.advance(600 * SECOND);
  expect(asBytes.digest()).toBe(asObjects.digest());
  expect(asBytes.tally.byCommand).toEqual(asObjects.tally.byCommand);
});

describe("faults of links", () => {
  const halves = (each: NetworkWorld): void => {
    for (let node = 8; node < 16; node++) each.faults.setGroup(node, 1);
  };

  test("a cut between two halves splits the chain, and its end brings them together", () => {
    const told: Told[] = [];
    const each = world({ blockInterval: "5 s", keepAlive: false }, told);
    halves(each);
    each.advance(60 * SECOND);
    each.faults.set(0, 1, { cut: true });
    each.faults.set(1, 0, { cut: true });
    each.advance(180 * SECOND);
    expect(tips(each).size).toBeGreaterThan(1);
    each.faults.set(0, 1, {});
    each.faults.set(1, 0, {});
    expect(each.faults.active).toBe(false);
    each.advance(600 * SECOND);
    const heights = each.nodes.map(({ chain }) => chain.tipHeight);
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(2);
    const deepest = told.map(({ observation }) =>
      observation.kind === "tip" ? observation.disconnected : 0,
    );
    expect(Math.max(...deepest)).toBeGreaterThan(2);
  });

  test("a cut one way lets the other way through", () => {
    const each = world({ keepAlive: false });
    halves(each);
    each.advance(30 * SECOND);
    each.faults.set(0, 1, { cut: true });
    const before = each.events;
    each.advance(300 * SECOND);
    expect(each.events).toBeGreaterThan(before);
    expect(tips(each).size).toBeGreaterThan(1);
  });

  test("lost, doubled, late and broken messages stop nobody for good", () => {
    const each = world({ keepAlive: false });
    each.advance(20 * SECOND); // a connection that loses its greeting is lost, and nobody opens another
    const trouble = { lostPerMillion: 2_000, duplicatedPerMillion: 20_000, corruptedPerMillion: 2_000 };
    each.faults.set(0, 0, { ...trouble, reorderedPerMillion: 20_000, delay: 50_000, bandwidth: 1e6 });
    each.advance(600 * SECOND);
    each.faults.set(0, 0, {});
    each.advance(1_500 * SECOND); // what was asked for and lost is asked for again after minutes
    const heights = each.nodes.map(({ chain }) => chain.tipHeight);
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(2);
  });
});

test("clocks that are wrong by seconds do not keep nodes from agreeing", () => {
  const each = world({ clocks: { offset: "5 s", driftPpm: 100 } });
  each.advance(600 * SECOND);
  expect(new Set(each.clocks.offset).size).toBeGreaterThan(10);
  const heights = each.nodes.map(({ chain }) => chain.tipHeight);
  expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(1);
});
