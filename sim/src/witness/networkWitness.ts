import { assert, type Params } from "@fluxlab/core";
import type { Checker, Sighting, WitnessedBlock } from "../checkers/checker.ts";

/** How many chains nodes under one set of rules followed, from a time on. */
export interface Agreement {
  /** Microseconds. */
  readonly time: number;
  /** Different tips. */
  readonly tips: number;
}

/** A node left blocks for others. */
export interface Reorganisation {
  readonly time: number;
  readonly node: number;
  readonly left: number;
}

/** A node said for the first time that it keeps to these rules, or to these again. */
export interface RuleChange {
  readonly time: number;
  readonly node: number;
  readonly params: Params;
}

/** A block and which node had it when: microseconds of the run, NaN for never. */
export interface Sightings {
  readonly block: WitnessedBlock;
  readonly arrivals: Float64Array;
}

/** What one set of rules had of the run. */
class Party {
  /** Nodes by the hash of their tip. */
  readonly tips = new Map<string, number>();
  readonly agreement: Agreement[] = [];

  leave(hash: string): void {
    const left = this.tips.get(hash)! - 1;
    if (left === 0) this.tips.delete(hash);
    else this.tips.set(hash, left);
  }

  enter(hash: string): void {
    this.tips.set(hash, (this.tips.get(hash) ?? 0) + 1);
  }

  note(time: number): void {
    if (this.agreement.at(-1)?.tips !== this.tips.size) this.agreement.push({ time, tips: this.tips.size });
  }
}

/**
 * Notes what a network did, for whoever asks afterwards: every block, when it came to whom, who is on which tip. It finds
 * nothing wrong by itself, and sees a world and real machines alike.
 */
export class NetworkWitness implements Checker {
  readonly name = "witness";
  /** By hash, in the order in which they were first seen; without those that all began with. */
  readonly blocks = new Map<string, Sightings>();
  readonly reorganisations: Reorganisation[] = [];
  readonly ruleChanges: RuleChange[] = [];
  /** By node; undefined: it has not said where it stands. */
  readonly tips: (WitnessedBlock | undefined)[];
  readonly #rulesOf: (node: number) => Params;
  readonly #rules: (Params | undefined)[];
  /** By node. */
  readonly #changes: readonly RuleChange[][];
  readonly #parties = new Map<Params, Party>();
  readonly #nodes: number;
  readonly #base: number;

  /** `base`: height of the last block that all nodes began with. */
  constructor(nodes: number, base: number, rulesOf: (node: number) => Params) {
    this.#nodes = nodes;
    this.#base = base;
    this.#rulesOf = rulesOf;
    this.tips = new Array(nodes).fill(undefined);
    this.#rules = new Array(nodes).fill(undefined);
    this.#changes = Array.from({ length: nodes }, () => []);
  }

  tip(block: WitnessedBlock, left: number, { node, time }: Sighting): void {
    assert(node < this.#nodes, "nodes have numbers below their count");
    this.#arrivals(block, node, time);
    if (left > 0) this.reorganisations.push({ time, node, left });
    const [before, party] = [this.#partyOf(this.#rules[node]), this.#partyOf(this.#rulesOf(node))];
    const last = this.tips[node];
    if (last !== undefined) before?.leave(last.hash);
    party!.enter(block.hash);
    if (before !== party) {
      before?.note(time);
      const change = { time, node, params: this.#rulesOf(node) };
      this.ruleChanges.push(change);
      this.#changes[node]!.push(change);
    }
    party!.note(time);
    this.tips[node] = block;
    this.#rules[node] = this.#rulesOf(node);
  }

  /** The blocks of a chain that a node did not have before have come to it with their last. */
  #arrivals(tip: WitnessedBlock, node: number, time: number): void {
    const fresh: WitnessedBlock[] = [];
    for (
      let at: WitnessedBlock | undefined = tip;
      at !== undefined && at.height > this.#base;
      at = at.parent
    ) {
      if (!Number.isNaN(this.blocks.get(at.hash)?.arrivals[node] ?? Number.NaN)) break;
      fresh.push(at);
    }
    for (const block of fresh.reverse()) {
      let seen = this.blocks.get(block.hash);
      if (seen === undefined) {
        seen = { block, arrivals: new Float64Array(this.#nodes).fill(Number.NaN) };
        this.blocks.set(block.hash, seen);
      }
      seen.arrivals[node] = time;
    }
  }

  #partyOf(params: Params | undefined): Party | undefined {
    if (params === undefined) return undefined;
    const known = this.#parties.get(params);
    if (known !== undefined) return known;
    const party = new Party();
    this.#parties.set(params, party);
    return party;
  }

  /** How many chains the nodes under these rules followed over time. */
  agreementUnder(params: Params): readonly Agreement[] {
    return this.#parties.get(params)?.agreement ?? [];
  }

  /** The rules that a node kept to at a time: those that it had said last, or was to say first. Undefined: it never said. */
  rulesThen(node: number, time: number): Params | undefined {
    const said = this.#changes[node]!;
    return (said.findLast((change) => change.time <= time) ?? said[0])?.params;
  }

  /** The rules that a node keeps to since it last said where it stands. */
  rulesAt(node: number): Params | undefined {
    return this.#rules[node];
  }
}
