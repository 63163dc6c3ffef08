import type { Params } from "@fluxlab/core";

/** Who keeps to which rules, and who is linked with whom. */
export interface LinkedNetwork {
  /** The same object for the same rules. */
  rulesOf(node: number): Params | undefined;
  linksOf(node: number): Iterable<number>;
}

/**
 * Nodes of equal rules that are linked, if only through each other. Those of other rules do not pass on what they hold to be invalid, so
 * between two that have nobody else for neighbours nothing arrives.
 */
export function linkedGroups(nodes: Iterable<number>, network: LinkedNetwork): number[][] {
  const left = new Set(nodes);
  const groups: number[][] = [];
  // What a group takes in is left out of what follows.
  for (const first of left) {
    const rules = network.rulesOf(first);
    const group: number[] = [];
    const open = [first];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (network.rulesOf(node) !== rules || !left.delete(node)) continue;
      group.push(node);
      open.push(...network.linksOf(node));
    }
    groups.push(group);
  }
  return groups;
}
