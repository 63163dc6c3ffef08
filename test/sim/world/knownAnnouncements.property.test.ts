import { PeerRows, regtest } from "@fluxlab/core";
import { minutes, type NetworkScenario, networkScenario } from "@fluxlab/sim/scenario";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { compileNetwork } from "../../../sim/src/scenario/compileSpread.ts";
import { Announcements } from "../../../sim/src/world/announcements.ts";
import { NetworkWorld } from "../../../sim/src/world/networkWorld.ts";

// PeerRows answers for nodes what they would only remember, and an announcement goes to all peers at once. A world where nothing of
// this is done is the obvious twin.

const SECOND = 1_000_000;
const MINUTES = 6;

interface Trouble {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly cut: boolean;
  readonly lostPerMillion: number;
  readonly duplicatedPerMillion: number;
  readonly corruptedPerMillion: number;
  readonly reorderedPerMillion: number;
}

const perMillion = fc.constantFrom(0, 0, 20_000, 200_000);
const troubles: fc.Arbitrary<Trouble> = fc.record({
  from: fc.nat(1),
  to: fc.nat(1),
  at: fc.nat(MINUTES * 60),
  cut: fc.boolean(),
  lostPerMillion: perMillion,
  duplicatedPerMillion: perMillion,
  corruptedPerMillion: perMillion,
  reorderedPerMillion: perMillion,
});
interface Mishap {
  readonly node: number;
  readonly at: number;
  /** Seconds. */
  readonly lasts: number;
  readonly kind: "crash" | "wipe" | "pause" | "slowDisk" | "silence" | "clock";
}

const mishaps: fc.Arbitrary<Mishap> = fc.record({
  node: fc.nat(13),
  at: fc.nat(MINUTES * 60),
  lasts: fc.integer({ min: 1, max: 90 }),
  kind: fc.constantFrom("crash", "wipe", "pause", "slowDisk", "silence", "clock"),
});

const worlds = fc.record({
  nodes: fc.integer({ min: 3, max: 14 }),
  links: fc.integer({ min: 1, max: 6 }),
  blockInterval: fc.constantFrom("1 s", "4 s", "20 s"),
  keepAlive: fc.boolean(),
  seed: fc.nat(1_000),
  troubles: fc.array(troubles, { maxLength: 4 }),
  mishaps: fc.array(mishaps, { maxLength: 4 }),
});
type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

/** Lets something happen to a node, and end. */
function befall(world: NetworkWorld, { node, at, lasts, kind }: Mishap): void {
  const end = (at + lasts) * SECOND;
  const [begin, undo] = {
    crash: [() => world.kill(node), () => world.restart(node, { kind: "torn", blocks: 2 })],
    wipe: [() => world.kill(node), () => world.restart(node, { kind: "wiped" })],
    pause: [() => world.pause(node, end), () => {}],
    slowDisk: [
      () => world.diskTime.fill(SECOND, node, node + 1),
      () => world.diskTime.fill(0, node, node + 1),
    ],
    silence: [
      () => world.filters.set(node, ({ command }) => command !== "block"),
      () => world.filters.delete(node),
    ],
    clock: [() => world.setClock(node, 30 * SECOND, 0), () => world.setClock(node, 0, 0)],
  }[kind] as [() => void, () => void];
  world.interfere(at * SECOND, begin);
  world.interfere(end, undo);
}

/** What a world comes to, and all that its nodes think of each other. */
function play({ nodes, links, blockInterval, keepAlive, seed, troubles, mishaps }: World) {
  const scenario: NetworkScenario = networkScenario({
    name: "test",
    title: "Test",
    network: "regtest",
    nodes,
    run: minutes(MINUTES),
    blockInterval,
    topology: { random: Math.min(links, nodes - 1) },
    keepAlive,
  });
  const { plan, lab } = compileNetwork(scenario, regtest, seed);
  const world = new NetworkWorld(plan, lab, () => {});
  for (let node = 0; node < nodes; node += 2) world.faults.setGroup(node, 1);
  for (const mishap of mishaps) befall(world, { ...mishap, node: mishap.node % nodes });
  for (const { at, from, to, ...fault } of troubles.toSorted((a, b) => a.at - b.at)) {
    world.advance(Math.max(at * SECOND, world.playedTo));
    world.faults.set(from, to, fault);
  }
  world.advance(MINUTES * 60 * SECOND);
  const peers = world.nodes.map((node) =>
    node.peers.map(
      ({ id, score, bestKnown, bestSent, lastCommon, unconnecting, headersAskedAt, ...rest }) => [
        ...[id, score, bestKnown, bestSent, lastCommon, unconnecting, headersAskedAt],
        ...[rest.headersComplete, rest.syncing, rest.closing, rest.requests.map(({ row }) => row)],
      ],
    ),
  );
  const heard = world.nodes.map((node) => node.peers.map((peer) => [peer.lastReceived, peer.lastSent]));
  const tips = world.nodes.map(({ chain }) => [chain.tip, chain.bestHeader]);
  return {
    digest: world.digest(),
    delivered: world.tally.byCommand,
    events: world.events,
    peers,
    heard,
    tips,
  };
}

test("announcements and tips that PeerRows takes do what the nodes would have done", () => {
  let [taken, left, atOnce] = [0, 0, 0];
  fc.assert(
    fc.property(worlds, (each) => {
      const quick = vi.spyOn(PeerRows.prototype, "takeKnown");
      const early = vi.spyOn(PeerRows.prototype, "leave");
      const together = vi.spyOn(Announcements.prototype, "send");
      const played = play(each);
      atOnce += together.mock.calls.length;
      taken += quick.mock.results.filter(({ value }) => value === true).length;
      left += early.mock.results.filter(({ value }) => value === true).length;
      const spies = [
        quick.mockReturnValue(false),
        early.mockReturnValue(false),
        vi.spyOn(PeerRows.prototype, "takeTip").mockReturnValue(false),
      ];
      try {
        together.mockClear();
        expect(play(each)).toEqual(played);
        expect(together).not.toHaveBeenCalled();
      } finally {
        for (const spy of [...spies, together]) spy.mockRestore();
      }
    }),
    { numRuns: 24 },
  );
  expect(taken).toBeGreaterThan(100);
  expect(left).toBeGreaterThan(1_000);
  expect(atOnce).toBeGreaterThan(1_000);
}, 300_000);
