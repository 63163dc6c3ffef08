import {
  type Block,
  blockHash,
  type ChainStart,
  type Observation,
  type Params,
  toWireHex,
} from "@fluxlab/core";
import type { CheckedNetwork, Checker, CheckerFinding, Report, Sighting, WitnessedBlock } from "./checker.ts";

/** Findings after which no more are kept: the first say it, of each checker the first at each node. */
const MOST_FINDINGS = 20;

/** Blocks that nodes under one set of rules had on their best chains, by hash in wire order. */
type Witnessed = Map<string, WitnessedBlock>;

/** Gives checkers what nodes tell, in order, and keeps what they find. */
export class Watchman {
  readonly findings: CheckerFinding[] = [];
  readonly #network: CheckedNetwork;
  readonly #checkers: readonly Checker[];
  readonly #base: readonly Block[] | ChainStart;
  readonly #witnessed = new Map<Params, Witnessed>();
  /** All blocks, whatever the rules: nodes forget old ones. */
  readonly #blocks = new Map<string, Block>();
  readonly #reports: ReadonlyMap<Checker, Report>;
  #time = 0;

  /** @param base the blocks that all nodes begin with, genesis first; or the state */
  constructor(network: CheckedNetwork, checkers: readonly Checker[], base: readonly Block[] | ChainStart) {
    this.#network = network;
    this.#checkers = checkers;
    this.#base = base;
    this.#reports = new Map(checkers.map((checker) => [checker, this.#reporter(checker)]));
  }

  /** Who watches. */
  get names(): readonly string[] {
    return this.#checkers.map(({ name }) => name);
  }

  #reporter(checker: Checker): Report {
    return (message, { node, height, time = this.#time }) => {
      const told = this.findings.some((each) => each.checker === checker.name && each.node === node);
      if (!told && this.findings.length < MOST_FINDINGS) {
        this.findings.push({ checker: checker.name, message, node, height, time });
      }
    };
  }

  /** `time`: microseconds of the world. */
  observe(node: number, observation: Observation, time: number): void {
    this.#time = time;
    const at = { node, time };
    if (observation.kind === "tip") this.#tip(observation, at);
    for (const checker of this.#checkers) checker.observation?.(observation, at, this.#reports.get(checker)!);
  }

  end(time: number): void {
    this.#time = time;
    for (const checker of this.#checkers) checker.end?.(time, this.#reports.get(checker)!);
  }

  #tip(observation: Extract<Observation, { kind: "tip" }>, at: Sighting): void {
    const params = this.#network.rulesOf(at.node);
    const witnessed = this.#under(params, at);
    const block = this.#witness(observation.hash, witnessed, params, at);
    for (const checker of this.#checkers) {
      checker.tip?.(block, observation.disconnected, at, this.#reports.get(checker)!);
    }
  }

  /** What was seen under the rules; at first what all begin with. */
  #under(params: Params, at: Sighting): Witnessed {
    let witnessed = this.#witnessed.get(params);
    if (witnessed === undefined) {
      witnessed = new Map();
      this.#witnessed.set(params, witnessed);
      if ("state" in this.#base) this.#begin(this.#base, witnessed);
      else for (const block of this.#base) this.#add(block, witnessed, params, at);
    }
    return witnessed;
  }

  /** The headers of a start, as blocks that nobody looks into. */
  #begin({ headers, state }: ChainStart, witnessed: Witnessed): void {
    let parent: WitnessedBlock | undefined;
    for (const [i, header] of headers.entries()) {
      const height = state.height - headers.length + 1 + i;
      const hash = toWireHex(blockHash(header));
      const block: WitnessedBlock = { hash, height, parent, block: { header, transactions: [] } };
      witnessed.set(hash, block);
      parent = block;
    }
    for (const checker of this.#checkers) checker.begin?.(parent!, state);
  }

  /** The block of a hash, after all before it. */
  #witness(hash: Uint8Array, witnessed: Witnessed, params: Params, at: Sighting): WitnessedBlock {
    const fresh: Block[] = [];
    let next = hash;
    while (!witnessed.has(toWireHex(next))) {
      const block = this.#network.blockOf(at.node, next) ?? this.#blocks.get(toWireHex(next));
      if (block === undefined)
        throw new Error(`node ${at.node} does not have block ${toWireHex(next)} of its chain`);
      fresh.push(block);
      next = block.header.previousHash;
    }
    let last = witnessed.get(toWireHex(next))!;
    for (const block of fresh.reverse()) last = this.#add(block, witnessed, params, at);
    return last;
  }

  #add(block: Block, witnessed: Witnessed, params: Params, at: Sighting): WitnessedBlock {
    const parent = witnessed.get(toWireHex(block.header.previousHash));
    const added: WitnessedBlock = {
      hash: toWireHex(blockHash(block.header)),
      height: parent === undefined ? 0 : parent.height + 1,
      parent,
      block,
    };
    witnessed.set(added.hash, added);
    this.#blocks.set(added.hash, block);
    for (const checker of this.#checkers) checker.block?.(added, params, at, this.#reports.get(checker)!);
    return added;
  }
}
