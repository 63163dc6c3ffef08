import { Random } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dealByShare } from "../../../sim/src/net/regions.ts";
import {
  givenTopology,
  randomTopology,
  smallWorldTopology,
  type Topology,
} from "../../../sim/src/net/topology.ts";

/** Peers of each node, opened and accepted. */
const linksOf = ({ nodes, starts, peers, outbound }: Topology) =>
  Array.from({ length: nodes }, (_, node) => {
    const own = [...peers.subarray(starts[node], starts[node + 1])];
    return { opened: own.slice(0, outbound[node]), accepted: own.slice(outbound[node]) };
  });

/** Every link is seen from both of its ends, and no pair is linked twice. */
function checkLinks(topology: Topology): void {
  const links = linksOf(topology);
  links.forEach(({ opened, accepted }, node) => {
    const peers = [...opened, ...accepted];
    expect(new Set(peers).size).toBe(peers.length);
    expect(peers).not.toContain(node);
    for (const peer of opened) expect(links[peer]!.accepted).toContain(node);
    for (const peer of accepted) expect(links[peer]!.opened).toContain(node);
  });
}

test("random: every node opens as many links as it is told, if there are so many nodes", () => {
  const degrees = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(degrees, fc.nat(), (wanted, seed) => {
      const topology = randomTopology(wanted, Random.root(`${seed}`));
      checkLinks(topology);
      linksOf(topology).forEach(({ opened, accepted }, node) => {
        const full = opened.length + accepted.length === wanted.length - 1;
        expect(opened.length === wanted[node] || full).toBe(true);
      });
    }),
  );
});

test("small world: a ring whose links go elsewhere as often as asked", () => {
  const size = fc.tuple(fc.integer({ min: 9, max: 80 }), fc.integer({ min: 1, max: 4 }));
  fc.assert(
    fc.property(size, fc.integer({ min: 0, max: 1_000 }), fc.nat(), ([nodes, degree], rewired, seed) => {
      const topology = smallWorldTopology(nodes, degree, rewired, Random.root(`${seed}`));
      checkLinks(topology);
      linksOf(topology).forEach(({ opened, accepted }) => {
        expect(opened.length === degree || opened.length + accepted.length === nodes - 1).toBe(true);
      });
    }),
  );
  const ring = smallWorldTopology(10, 2, 0, Random.root("1"));
  expect(linksOf(ring)[9]!.opened).toEqual([0, 1]);
  const far = linksOf(smallWorldTopology(2_000, 4, 100, Random.root("1"))).flatMap(({ opened }, node) =>
    opened.filter((peer) => (peer - node + 2_000) % 2_000 > 4),
  );
  expect(Math.abs(far.length / 800 - 1)).toBeLessThan(0.15);
});

test("given: the links of a list", () => {
  const topology = givenTopology(3, [
    [0, 1],
    [2, 0],
  ]);
  checkLinks(topology);
  expect(linksOf(topology).map(({ opened }) => opened)).toEqual([[1], [], [0]]);
  expect(() => givenTopology(2, [[0, 0]])).toThrow("0-0");
  expect(() => givenTopology(2, [[0, 2]])).toThrow("0-2");
});

test("places are dealt in proportion, to the last one", () => {
  const shares = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(
      shares.filter((each) => each.some((share) => share > 0)),
      fc.nat(500),
      (each, count) => {
        const dealt = dealByShare(each, count, Random.root("deal"));
        const total = each.reduce((sum, share) => sum + share, 0);
        each.forEach((share, group) => {
          const got = dealt.filter((other) => other === group).length;
          expect(Math.abs(got - (share / total) * count)).toBeLessThanOrEqual(1);
        });
      },
    ),
  );
});
