import type { SpreadHistory } from "./spreadHistory.ts";

/** Seconds after it was mined at which nodes came to have a block, in rising order, as far as a moment. */
export function arrivals({ tree, tips }: SpreadHistory, block: number, until: number): Float64Array {
  const mined = tree.seconds[block]!;
  const has = new Uint8Array(tips.nodes);
  const found: number[] = [];
  const leadsTo = new Map<number, boolean>();
  const isOn = (tip: number): boolean => {
    const known = leadsTo.get(tip);
    if (known !== undefined) return known;
    let at = tip;
    while (tree.height[at]! > tree.height[block]!) at = tree.parent[at]!;
    leadsTo.set(tip, at === block);
    return at === block;
  };
  for (const { node, seconds, block: tip } of tips.between(mined - 1e-9, until, MOST_CHANGES)) {
    if (has[node] === 1 || !isOn(tip)) continue;
    has[node] = 1;
    found.push(seconds - mined);
  }
  return Float64Array.from(found);
}

/** Enough for twenty thousand nodes over the next blocks. */
const MOST_CHANGES = 200_000;

/** Seconds until a part of all nodes had a block; undefined: so many have not. */
export function reachedAfter(times: Float64Array, nodes: number, part: number): number | undefined {
  return times[Math.max(Math.ceil(nodes * part), 1) - 1];
}
