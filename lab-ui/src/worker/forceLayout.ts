import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from "d3-force";
import type { ForceRequest } from "../network/layouts.ts";

/** Ticks of a layout: many nodes have to make do with less. */
const ticksFor = (nodes: number): number => (nodes <= 500 ? 240 : nodes <= 3_000 ? 120 : 45);

/** Lays nodes out by force; the same request gives the same places, since d3-force draws from a generator of its own. */
export function forceLayout({ nodes, links }: ForceRequest): Float32Array {
  const data: SimulationNodeDatum[] = Array.from({ length: nodes }, (_, index) => ({ index }));
  const pairs = Array.from({ length: links.length / 2 }, (_, i) => ({
    source: links[2 * i]!,
    target: links[2 * i + 1]!,
  }));
  const simulation = forceSimulation(data)
    .force("links", forceLink(pairs).distance(30).strength(0.12))
    .force("apart", forceManyBody().strength(-46).theta(1.1))
    .force("x", forceX(0).strength(0.045))
    .force("y", forceY(0).strength(0.06))
    .force("room", forceCollide(5))
    .stop();
  simulation.tick(ticksFor(nodes));
  return Float32Array.from({ length: nodes * 2 }, (_, i) =>
    i % 2 === 0 ? data[i >> 1]!.x! : data[i >> 1]!.y!,
  );
}
