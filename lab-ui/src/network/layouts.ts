import type { SpreadScene } from "@fluxlab/sim";
import { type CutSides, isCut } from "./spreadHistory.ts";
import { MAP_HEIGHT, MAP_WIDTH, onMap, REGION_PLACES } from "./worldMap.ts";

// Where nodes stand, by three ways of laying them out. Units are the layout's own; a camera brings them to the screen.

export const LAYOUTS = ["map", "ring", "force"] as const;
export type LayoutKind = (typeof LAYOUTS)[number];

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Layout {
  readonly kind: LayoutKind;
  /** x and y of each node. */
  readonly places: Float32Array;
  /** From a node to its next, about. */
  readonly spacing: number;
  readonly bounds: Bounds;
  /** Where regions' names go, and how wide a region is. */
  readonly regions: readonly RegionPlace[];
}

interface RegionPlace {
  readonly name: string;
  readonly nodes: number;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** What a layout by force is made of: links as pairs of nodes. */
export interface ForceRequest {
  readonly nodes: number;
  readonly links: Uint32Array;
}

/** Radius of a disc that would hold all nodes, in units of the map. */
const ALL_RADIUS = 152;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** Regions as discs on the world, each as large as it has nodes; in a disc nodes lie as seeds in a sunflower (Vogel, 1979). */
export function mapLayout({
  nodes,
  region,
  regionNames,
}: Pick<SpreadScene, "nodes" | "region" | "regionNames">): Layout {
  const places = new Float32Array(nodes * 2);
  const spacing = ALL_RADIUS / Math.sqrt(Math.max(nodes, 1));
  const counts = new Uint32Array(regionNames.length);
  for (let node = 0; node < nodes; node++) {
    const [x, y] = middleOf(regionNames[region[node]!]!);
    const seed = counts[region[node]!]!++;
    const radius = spacing * Math.sqrt(seed + 0.5);
    places[2 * node] = x + radius * Math.cos(seed * GOLDEN_ANGLE);
    places[2 * node + 1] = y + radius * Math.sin(seed * GOLDEN_ANGLE);
  }
  const regions = regionNames.flatMap((name, i): RegionPlace[] => {
    const [x, y] = middleOf(name);
    const count = counts[i]!;
    return count === 0 ? [] : [{ name, nodes: count, x, y, radius: spacing * (Math.sqrt(count) + 0.6) }];
  });
  const world = { left: 0, top: 0, right: MAP_WIDTH, bottom: MAP_HEIGHT };
  return { kind: "map", places, spacing: spacing * 1.7, bounds: around(places, spacing, world), regions };
}

/** A region that the map does not know stands in the Atlantic. */
const middleOf = (name: string) => onMap(...(REGION_PLACES[name] ?? [-35, 5]));

const RING_RADIUS = 210;
const RING_BAND = 84;
/** Angle between names on a ring below which the second moves outwards, and by how much. */
const NAME_ANGLE = 0.28;
const NAME_STEP = 17;

/** Nodes on a ring, region by region, in as many rows as they need. */
export function ringLayout({ nodes, region, regionNames, tier }: SpreadScene): Layout {
  const order = Array.from({ length: nodes }, (_, node) => node).sort(
    (a, b) => region[a]! - region[b]! || tier[b]! - tier[a]! || a - b,
  );
  const area = 2 * Math.PI * RING_RADIUS * RING_BAND;
  const rows = Math.max(1, Math.floor(RING_BAND / Math.sqrt(area / nodes)));
  const columns = Math.ceil(nodes / rows);
  const spacing = rows === 1 ? (2 * Math.PI * RING_RADIUS) / columns : RING_BAND / rows;
  const places = new Float32Array(nodes * 2);
  const angleAt = (position: number) => (Math.floor(position / rows) / columns) * 2 * Math.PI - Math.PI / 2;
  order.forEach((node, position) => {
    const radius = RING_RADIUS - (position % rows) * spacing + (rows === 1 ? 0 : RING_BAND / 2);
    places[2 * node] = radius * Math.cos(angleAt(position));
    places[2 * node + 1] = radius * Math.sin(angleAt(position));
  });
  const edge = RING_RADIUS + (rows === 1 ? 0 : RING_BAND / 2);
  let before = Number.NEGATIVE_INFINITY;
  let further = 0;
  const regions = regionNames.flatMap((name, i): RegionPlace[] => {
    const first = order.findIndex((node) => region[node] === i);
    if (first < 0) return [];
    const count = order.filter((node) => region[node] === i).length;
    const angle = angleAt(first + count / 2);
    // Names of small regions side by side would lie on one another.
    further = angle - before < NAME_ANGLE ? further + NAME_STEP : 0;
    before = angle;
    const out = edge + 18 + further;
    return [{ name, nodes: count, x: out * Math.cos(angle), y: out * Math.sin(angle), radius: 0 }];
  });
  const room = edge + 34 + NAME_STEP;
  const bounds = { left: -room * 1.4, top: -room, right: room * 1.4, bottom: room };
  return { kind: "ring", places, spacing: Math.min(spacing, 24), bounds, regions };
}

/** Places that were found by force. */
export function forceLayoutOf(places: Float32Array): Layout {
  return { kind: "force", places, spacing: 13, bounds: around(places, 12), regions: [] };
}

/** What pulls nodes together: links over which messages pass now. */
export function pullingLinks({ nodes, links }: SpreadScene, sides: readonly CutSides[]): ForceRequest {
  const pairs: number[] = [];
  for (let node = 0; node < nodes; node++) {
    const first = links.starts[node]!;
    for (let i = first; i < first + links.outbound[node]!; i++) {
      const peer = links.peers[i]!;
      if (!isCut(sides, node, peer) || !isCut(sides, peer, node)) pairs.push(node, peer);
    }
  }
  return { nodes, links: Uint32Array.from(pairs) };
}

/** The least rectangle with all places in it, and `least` if there is one. */
function around(places: Float32Array, margin: number, least?: Bounds): Bounds {
  let { left, top, right, bottom } = least ?? {
    left: Number.POSITIVE_INFINITY,
    top: Number.POSITIVE_INFINITY,
    right: Number.NEGATIVE_INFINITY,
    bottom: Number.NEGATIVE_INFINITY,
  };
  for (let i = 0; i < places.length; i += 2) {
    left = Math.min(left, places[i]! - margin);
    right = Math.max(right, places[i]! + margin);
    top = Math.min(top, places[i + 1]! - margin);
    bottom = Math.max(bottom, places[i + 1]! + margin);
  }
  return { left, top, right, bottom };
}
