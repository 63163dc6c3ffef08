import { assert } from "@fluxlab/core";
import { type LinkFaults, MOST_GROUPS, type PathFault } from "../net/linkFaults.ts";
import type { Injection, LinkFault } from "./fault.ts";

/** Parts of a million that are all. */
const ALWAYS = 1_000_000;

/**
 * Troubles of links that may overlap. Nodes in the same troubles are a group of {@link LinkFaults}; between two groups all
 * troubles add up. Everything is told anew when one begins or ends, which is rare.
 */
export class LinkTroubles {
  readonly #faults: LinkFaults;
  readonly #nodes: number;
  readonly #active: {
    readonly fault: LinkFault;
    readonly inside: Uint8Array;
    readonly spared: Uint8Array;
  }[] = [];
  #groups = 0;

  constructor(faults: LinkFaults, nodes: number) {
    this.#faults = faults;
    this.#nodes = nodes;
  }

  injection(fault: LinkFault): Injection {
    const [inside, spared] = [new Uint8Array(this.#nodes), new Uint8Array(this.#nodes)];
    for (const node of fault.nodes) inside[node] = 1;
    for (const node of fault.except) spared[node] = 1;
    const entry = { fault, inside, spared };
    return {
      begin: () => {
        this.#active.push(entry);
        this.#tell();
      },
      end: () => {
        this.#active.splice(this.#active.indexOf(entry), 1);
        this.#tell();
      },
    };
  }

  #tell(): void {
    for (let from = 0; from < this.#groups; from++) {
      for (let to = 0; to < this.#groups; to++) this.#faults.set(from, to, {});
    }
    const members = this.#makeGroups();
    this.#groups = members.length;
    members.forEach((a, from) => {
      for (const [to, b] of members.entries()) this.#faults.set(from, to, this.#between(a, b));
    });
  }

  /** Puts nodes into groups, and returns one node of each. */
  #makeGroups(): number[] {
    const groups = new Map<string, number>();
    const members: number[] = [];
    for (let node = 0; node < this.#nodes; node++) {
      const name = this.#active.map(({ inside, spared }) => inside[node]! + 2 * spared[node]!).join();
      let group = groups.get(name);
      if (group === undefined) {
        group = members.push(node) - 1;
        assert(
          group < MOST_GROUPS,
          `faults of links make more than ${MOST_GROUPS} groups of nodes: fewer may overlap`,
        );
        groups.set(name, group);
      }
      this.#faults.setGroup(node, group);
    }
    return members;
  }

  #between(from: number, to: number): PathFault {
    return this.#active
      .filter((entry) => befalls(entry, from, to))
      .reduce((sum, { fault }) => added(sum, fault.trouble), {} as PathFault);
  }
}

function befalls(
  { fault, inside, spared }: { fault: LinkFault; inside: Uint8Array; spared: Uint8Array },
  from: number,
  to: number,
): boolean {
  if (fault.where === "within") return inside[from] === 1 || inside[to] === 1;
  if (inside[from] === inside[to] || spared[from] === 1 || spared[to] === 1) return false;
  if (fault.direction === "both") return true;
  return (fault.direction === "out") === (inside[from] === 1);
}

/** Both troubles at once. */
function added(a: PathFault, b: PathFault): PathFault {
  const chance = (x = 0, y = 0) => Math.min(x + y, ALWAYS);
  return {
    cut: a.cut === true || b.cut === true,
    lostPerMillion: chance(a.lostPerMillion, b.lostPerMillion),
    duplicatedPerMillion: chance(a.duplicatedPerMillion, b.duplicatedPerMillion),
    corruptedPerMillion: chance(a.corruptedPerMillion, b.corruptedPerMillion),
    reorderedPerMillion: chance(a.reorderedPerMillion, b.reorderedPerMillion),
    delay: (a.delay ?? 0) + (b.delay ?? 0),
    jitter: (a.jitter ?? 0) + (b.jitter ?? 0),
    heldUntil: Math.max(a.heldUntil ?? 0, b.heldUntil ?? 0),
    bandwidth: lower(a.bandwidth ?? 0, b.bandwidth ?? 0),
  };
}

/** The stricter of two limits, of which 0 is none. */
const lower = (a: number, b: number): number => (a === 0 || b === 0 ? a + b : Math.min(a, b));
