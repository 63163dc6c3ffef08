import { assert, type Random } from "@fluxlab/core";

export const MOST_GROUPS = 64;

/** What may go wrong between two groups of nodes, one way. Chances are parts of a million messages. */
export interface PathFault {
  /** Nothing gets through. */
  readonly cut?: boolean;
  readonly lostPerMillion?: number;
  readonly duplicatedPerMillion?: number;
  readonly corruptedPerMillion?: number;
  /** Messages that take {@link delay} again and may be overtaken. */
  readonly reorderedPerMillion?: number;
  /** Microseconds on top of the latency. */
  readonly delay?: number;
  /** Up to so many microseconds more, drawn for each message. */
  readonly jitter?: number;
  /** Nothing arrives before this time of the world; what is sent until then comes all at once. */
  readonly heldUntil?: number;
  /** Bits per second at most; 0: no limit. */
  readonly bandwidth?: number;
}

/**
 * What is wrong with the links of a world at this moment: nodes are in groups, and each pair of groups has its troubles, in each
 * direction its own. In group 0 are those of whom nothing was said. Whoever injects faults changes this; links ask it about
 * each message.
 */
export class LinkFaults {
  /** Whether anything is wrong anywhere: while not, links ask nothing. */
  active = false;
  readonly #group: Uint8Array;
  readonly #cut = new Uint8Array(MOST_GROUPS * MOST_GROUPS);
  readonly #lost = new Uint32Array(MOST_GROUPS * MOST_GROUPS);
  readonly #duplicated = new Uint32Array(MOST_GROUPS * MOST_GROUPS);
  readonly #corrupted = new Uint32Array(MOST_GROUPS * MOST_GROUPS);
  readonly #reordered = new Uint32Array(MOST_GROUPS * MOST_GROUPS);
  readonly #delay = new Float64Array(MOST_GROUPS * MOST_GROUPS);
  readonly #jitter = new Uint32Array(MOST_GROUPS * MOST_GROUPS);
  readonly #heldUntil = new Float64Array(MOST_GROUPS * MOST_GROUPS);
  readonly #bandwidth = new Float64Array(MOST_GROUPS * MOST_GROUPS);
  /** By path, whether anything is wrong there; and on how many something is. */
  readonly #troubled = new Uint8Array(MOST_GROUPS * MOST_GROUPS);
  #troubles = 0;
  readonly #random: Random;

  constructor(nodes: number, random: Random) {
    this.#group = new Uint8Array(nodes);
    this.#random = random;
  }

  /** Puts a node into a group, below {@link MOST_GROUPS}. */
  setGroup(node: number, group: number): void {
    assert(group < MOST_GROUPS, `group ${group}: there are ${MOST_GROUPS}`);
    this.#group[node] = group;
  }

  /** Sets what is wrong on the way from one group to another; what is not named is in order again. */
  set(fromGroup: number, toGroup: number, fault: PathFault): void {
    assert(fromGroup < MOST_GROUPS && toGroup < MOST_GROUPS, `groups ${fromGroup} and ${toGroup} exist`);
    const path = fromGroup * MOST_GROUPS + toGroup;
    this.#cut[path] = fault.cut === true ? 1 : 0;
    this.#lost[path] = fault.lostPerMillion ?? 0;
    this.#duplicated[path] = fault.duplicatedPerMillion ?? 0;
    this.#corrupted[path] = fault.corruptedPerMillion ?? 0;
    this.#reordered[path] = fault.reorderedPerMillion ?? 0;
    this.#delay[path] = fault.delay ?? 0;
    this.#jitter[path] = fault.jitter ?? 0;
    this.#heldUntil[path] = fault.heldUntil ?? 0;
    this.#bandwidth[path] = fault.bandwidth ?? 0;
    const troubled = Object.values(fault).some((value) => value !== undefined && Number(value) !== 0);
    this.#troubles += Number(troubled) - this.#troubled[path]!;
    this.#troubled[path] = Number(troubled);
    this.active = this.#troubles > 0;
  }

  /** The way from a node to a node, which the other questions take. */
  path(from: number, to: number): number {
    return this.#group[from]! * MOST_GROUPS + this.#group[to]!;
  }

  /** Whether nothing gets through. */
  isCut(path: number): boolean {
    return this.#cut[path] === 1;
  }

  /** Likewise, from node to node. */
  cuts(from: number, to: number): boolean {
    return this.active && this.isCut(this.path(from, to));
  }

  /** Whether a message is lost, for good: what a connection would send again is part of the delay. */
  loses(path: number): boolean {
    return this.#cut[path] === 1 || this.#happens(this.#lost[path]!);
  }

  duplicates(path: number): boolean {
    return this.#happens(this.#duplicated[path]!);
  }

  corrupts(path: number): boolean {
    return this.#happens(this.#corrupted[path]!);
  }

  reorders(path: number): boolean {
    return this.#happens(this.#reordered[path]!);
  }

  delay(path: number): number {
    const jitter = this.#jitter[path]!;
    return this.#delay[path]! + (jitter === 0 ? 0 : this.#random.below(jitter + 1));
  }

  /** Before this time nothing arrives. */
  heldUntil(path: number): number {
    return this.#heldUntil[path]!;
  }

  /** Bits per second; Infinity: no limit. */
  bandwidth(path: number): number {
    return this.#bandwidth[path]! || Number.POSITIVE_INFINITY;
  }

  /** Draws only where something may happen, so that a fault elsewhere shifts nothing. */
  #happens(perMillion: number): boolean {
    return perMillion > 0 && this.#random.chance(perMillion, 1_000_000);
  }
}
