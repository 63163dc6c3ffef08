import type { SpreadFacts } from "../backend/library.ts";
import { mapLayout } from "../network/layouts.ts";
import { landDots, MAP_HEIGHT, MAP_WIDTH } from "../network/worldMap.ts";

/** Nodes on a card at most; a larger network has smaller ones. */
const MOST_DOTS = 260;

/** Points as one path of strokes without length, which round caps make dots of. */
const dots = (places: Float32Array): string => {
  let path = "";
  for (let i = 0; i < places.length; i += 2)
    path += `M${places[i]!.toFixed(1)} ${places[i + 1]!.toFixed(1)}h0`;
  return path;
};

/** The same on every card. */
const land = dots(landDots());

/** A network at a glance, in units of the map: land, nodes at their regions, and below when something goes wrong. */
export function spreadPicture({ nodes, regions, faults }: SpreadFacts) {
  const shown = Math.min(nodes, MOST_DOTS);
  const region = new Uint8Array(shown);
  const total = regions.reduce((sum, share) => sum + share, 0);
  let [at, sum] = [0, 0];
  regions.forEach((share, i) => {
    sum += share;
    const end = Math.round((sum / total) * shown);
    region.fill(i, at, end);
    at = end;
  });
  const regionNames = ["North America", "Europe", "South America", "Asia-Pacific", "Japan", "Australia"];
  const { places, spacing } = mapLayout({ nodes: shown, region, regionNames });
  return {
    width: MAP_WIDTH,
    height: MAP_HEIGHT,
    land,
    nodes: dots(places),
    nodeSize: Math.min(spacing * 0.62, 13),
    faults: faults.map(({ name, from, to }) => ({
      name,
      x: from * MAP_WIDTH,
      width: Math.max((to - from) * MAP_WIDTH, 6),
    })),
  };
}
