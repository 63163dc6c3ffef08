import { assert, type Random } from "@fluxlab/core";

/**
 * Who is linked with whom. The links of node n are `peers[starts[n]]` to `peers[starts[n + 1] - 1]`; the first `outbound[n]`
 * of them n opened itself.
 */
export interface Topology {
  readonly nodes: number;
  readonly starts: Uint32Array;
  readonly peers: Uint32Array;
  readonly outbound: Uint16Array;
}

/** Whom a node is linked with. */
export const linkedWith = (
  { starts, peers }: Pick<Topology, "starts" | "peers">,
  node: number,
): Uint32Array => peers.subarray(starts[node]!, starts[node + 1]!);

/**
 * Chance of having at most 1, 2, … 20 outbound links: Bitcoin's network of 2015 as SimBlock has it
 * (settings/NetworkConfiguration.java DEGREE_DISTRIBUTION_BITCOIN_2015, after Miller et al., "Discovering Bitcoin's public
 * topology and influential nodes", 2015). Mean 8.6.
 */
export const BITCOIN_2015_DEGREES: readonly number[] = [
  0.025, 0.05, 0.075, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.97, 0.98, 0.99, 0.995,
  1,
];

/** Every node opens as many links as `degrees` says, to peers drawn evenly, no pair twice; inbound has no limit. */
export function randomTopology(degrees: ArrayLike<number>, random: Random): Topology {
  const nodes = degrees.length;
  const links = new LinkList(nodes);
  for (let node = 0; node < nodes; node++) {
    // A node may be linked with everybody already.
    const wanted = Math.min(degrees[node]!, nodes - 1 - links.degree(node));
    for (let opened = 0; opened < wanted; ) {
      if (links.add(node, random.below(nodes))) opened++;
    }
  }
  return links.topology();
}

/**
 * A small world (Watts and Strogatz, Nature 393, 1998): a ring on which every node opens links to its next `degree`
 * neighbours, each of them going to a random node instead with a chance of `rewired` in 1000.
 */
export function smallWorldTopology(nodes: number, degree: number, rewired: number, random: Random): Topology {
  assert(degree * 2 < nodes, `a ring of ${nodes} nodes has no room for ${degree} links each`);
  const links = new LinkList(nodes);
  for (let step = 1; step <= degree; step++) {
    for (let node = 0; node < nodes; node++) {
      const along = (node + step) % nodes;
      let linked = !random.chance(rewired, 1_000) && links.add(node, along);
      // A link of the ring may have been made by chance before; a node linked with everybody opens no more.
      while (!linked && links.degree(node) < nodes - 1) linked = links.add(node, random.below(nodes));
    }
  }
  return links.topology();
}

/** The links given, each by the node that opens it and the other. @throws if one is not between two nodes, or is there twice */
export function givenTopology(nodes: number, pairs: readonly (readonly [number, number])[]): Topology {
  const links = new LinkList(nodes);
  for (const [from, to] of pairs) {
    assert(from < nodes && to < nodes, `a link ${from}-${to} among ${nodes} nodes`);
    assert(links.add(from, to), `the link ${from}-${to} joins a node to itself, or is there twice`);
  }
  return links.topology();
}

/** Links under construction. */
class LinkList {
  readonly #nodes: number;
  readonly #opened: number[][];
  readonly #accepted: number[][];

  constructor(nodes: number) {
    this.#nodes = nodes;
    this.#opened = Array.from({ length: nodes }, () => []);
    this.#accepted = Array.from({ length: nodes }, () => []);
  }

  degree(node: number): number {
    return this.#opened[node]!.length + this.#accepted[node]!.length;
  }

  /** False if the two are one, or linked. */
  add(from: number, to: number): boolean {
    if (from === to || this.#opened[from]!.includes(to) || this.#accepted[from]!.includes(to)) return false;
    this.#opened[from]!.push(to);
    this.#accepted[to]!.push(from);
    return true;
  }

  topology(): Topology {
    const starts = new Uint32Array(this.#nodes + 1);
    const outbound = new Uint16Array(this.#nodes);
    for (let node = 0; node < this.#nodes; node++) {
      starts[node + 1] = starts[node]! + this.degree(node);
      outbound[node] = this.#opened[node]!.length;
    }
    const peers = new Uint32Array(starts[this.#nodes]!);
    for (let node = 0; node < this.#nodes; node++) {
      peers.set(this.#opened[node]!, starts[node]);
      peers.set(this.#accepted[node]!, starts[node]! + this.#opened[node]!.length);
    }
    return { nodes: this.#nodes, starts, peers, outbound };
  }
}
