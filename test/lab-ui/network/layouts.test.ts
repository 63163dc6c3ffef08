import type { SpreadScene } from "@fluxlab/sim";
import { BITCOIN_2019 } from "@fluxlab/sim";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fitted, NodeFinder, panned, zoomed } from "../../../lab-ui/src/network/camera.ts";
import { clockTime } from "../../../lab-ui/src/network/clockTime.ts";
import { forceLayoutOf, mapLayout, pullingLinks, ringLayout } from "../../../lab-ui/src/network/layouts.ts";
import { cutSides, faultsAt, isCut } from "../../../lab-ui/src/network/spreadHistory.ts";
import { landDots, MAP_HEIGHT, MAP_WIDTH, REGION_PLACES } from "../../../lab-ui/src/network/worldMap.ts";
import { forceLayout } from "../../../lab-ui/src/worker/forceLayout.ts";

/** Nodes over all regions, in a ring of links. */
function sceneOf(nodes: number): SpreadScene {
  const pairs = Array.from({ length: nodes }, (_, i) => [(i + 1) % nodes, (i + nodes - 1) % nodes]);
  return {
    nodes,
    regionNames: BITCOIN_2019.names,
    region: Uint8Array.from({ length: nodes }, (_, i) => i % BITCOIN_2019.names.length),
    tier: new Uint8Array(nodes),
    hashRate: new Uint32Array(nodes),
    links: {
      starts: Uint32Array.from({ length: nodes + 1 }, (_, i) => 2 * i),
      peers: Uint32Array.from(pairs.flat()),
      outbound: new Uint16Array(nodes).fill(1),
    },
    baseHeight: 0,
    faults: [],
    checkers: [],
    upgrade: undefined,
    seconds: 60,
  };
}

const nearestPair = (places: Float32Array): number => {
  let least = Number.POSITIVE_INFINITY;
  for (let a = 0; a < places.length; a += 2) {
    for (let b = 0; b < a; b += 2) {
      least = Math.min(least, Math.hypot(places[a]! - places[b]!, places[a + 1]! - places[b + 1]!));
    }
  }
  return least;
};

for (const layOut of [mapLayout, ringLayout]) {
  for (const nodes of [1, 10, 333, 1_500]) {
    test(`${layOut.name} of ${nodes} gives everyone a place of its own within the bounds`, () => {
      const { places, bounds, spacing, regions } = layOut(sceneOf(nodes));
      expect(places).toHaveLength(2 * nodes);
      for (let i = 0; i < places.length; i += 2) {
        expect(places[i]).toBeGreaterThanOrEqual(bounds.left);
        expect(places[i]).toBeLessThanOrEqual(bounds.right);
        expect(places[i + 1]).toBeGreaterThanOrEqual(bounds.top);
        expect(places[i + 1]).toBeLessThanOrEqual(bounds.bottom);
      }
      if (nodes > 1) expect(nearestPair(places)).toBeGreaterThan(spacing * 0.5);
      expect(regions.reduce((sum, region) => sum + region.nodes, 0)).toBe(nodes);
    });
  }
}

test("every region of the scenarios has a place, and land lies on the map", () => {
  for (const name of BITCOIN_2019.names) expect(REGION_PLACES[name]).toBeDefined();
  const land = landDots();
  expect(land.length).toBeGreaterThan(2_000);
  for (let i = 0; i < land.length; i += 2) {
    expect(land[i]! >= 0 && land[i]! <= MAP_WIDTH).toBe(true);
    expect(land[i + 1]! >= 0 && land[i + 1]! <= MAP_HEIGHT).toBe(true);
  }
});

test("force pulls what is linked together, the same every time, and lets go of what is cut off", () => {
  const scene = sceneOf(24);
  const first = forceLayout(pullingLinks(scene, []));
  expect(forceLayout(pullingLinks(scene, []))).toEqual(first);
  const between = (places: Float32Array, a: number, b: number) =>
    Math.hypot(places[2 * a]! - places[2 * b]!, places[2 * a + 1]! - places[2 * b + 1]!);
  expect(between(first, 0, 1)).toBeLessThan(between(first, 0, 12));
  const nodes = Uint32Array.from({ length: 12 }, (_, i) => i);
  const cut = {
    index: 0,
    fault: "partition",
    from: 10,
    to: 20,
    nodes,
    cut: "both",
    except: new Uint32Array(0),
  } as const;
  const sides = cutSides([cut], scene.nodes);
  expect(pullingLinks(scene, sides).links).toHaveLength(2 * (24 - 2));
  expect([isCut(sides, 0, 23), isCut(sides, 0, 1), isCut(sides, 13, 14)]).toEqual([true, false, false]);
  expect([faultsAt([cut], 9), faultsAt([cut], 10), faultsAt([cut], 20)].map(({ length }) => length)).toEqual([
    0, 1, 0,
  ]);
  const layout = forceLayoutOf(first);
  expect(layout.bounds.right).toBeGreaterThan(layout.bounds.left);
});

test("a one-way cut is one, and whoever is spared still speaks", () => {
  const base = { index: 0, fault: "partition", from: 0, to: 1, nodes: Uint32Array.of(0, 1) };
  const inward = cutSides([{ ...base, cut: "in", except: new Uint32Array(0) }], 4);
  expect([isCut(inward, 2, 0), isCut(inward, 0, 2)]).toEqual([true, false]);
  const eclipse = cutSides([{ ...base, cut: "both", except: Uint32Array.of(3) }], 4);
  expect([isCut(eclipse, 0, 2), isCut(eclipse, 0, 3), isCut(eclipse, 3, 1)]).toEqual([true, false, false]);
});

test("the nearest node is the nearest of all, if it is near enough", () => {
  const layout = mapLayout(sceneOf(150));
  const finder = new NodeFinder(layout);
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: MAP_WIDTH, noNaN: true }),
      fc.double({ min: 0, max: MAP_HEIGHT, noNaN: true }),
      fc.double({ min: 1, max: 90, noNaN: true }),
      (x, y, most) => {
        const away = (node: number) =>
          Math.hypot(layout.places[2 * node]! - x, layout.places[2 * node + 1]! - y);
        const nearest = Array.from({ length: 150 }, (_, node) => node).reduce((a, b) =>
          away(b) < away(a) ? b : a,
        );
        const found = finder.nearest(x, y, most);
        if (away(nearest) > most) expect(found).toBeUndefined();
        else expect(away(found!)).toBeCloseTo(away(nearest), 6);
      },
    ),
  );
});

test("a zoom keeps the place under the pointer, and a fit has all in sight", () => {
  const { bounds } = mapLayout(sceneOf(50));
  const fit = fitted(bounds, 900, 500);
  expect(bounds.left * fit.scale + fit.x).toBeGreaterThanOrEqual(0);
  expect(bounds.bottom * fit.scale + fit.y).toBeLessThanOrEqual(500);
  const near = zoomed(panned(fit, 30, -10), 3, 200, 100, fit);
  const before = panned(fit, 30, -10);
  expect((200 - near.x) / near.scale).toBeCloseTo((200 - before.x) / before.scale, 6);
  expect(zoomed(fit, 1e9, 0, 0, fit).scale).toBe(fit.scale * 60);
});

test("moments read as on a clock", () => {
  expect([0, 61.5, 1_500, 3_723.0456, -1].map(clockTime)).toEqual([
    "0:00.000",
    "1:01.500",
    "25:00.000",
    "1:02:03.046",
    "0:00.000",
  ]);
});
