import {
  type Block,
  displayHash,
  type Observation,
  type Params,
  ParseError,
  parseWhole,
  readBlock,
  toWireHex,
  wireHex,
} from "@fluxlab/core";
import {
  type CheckedNetwork,
  type CheckerFinding,
  type LabWorld,
  linkedWith,
  type NetworkAccount,
  NetworkWitness,
  networkCheckers,
  Watchman,
} from "@fluxlab/sim";
import type { LoggedObservation } from "./observation.ts";

/** What a watch asks of the nodes' runner. */
export interface WatchedNodes {
  isRunning(node: number): boolean;
  /** The node that an IP address belongs to; undefined: several, or none. */
  nodeAt(ip: string): number | undefined;
}

/** What a node said of itself with its latest tip. */
interface Moment {
  readonly time: number;
  /** Unix seconds, by its own clock, and by its and its peers'. */
  readonly clock: number;
  readonly adjustedTime: number;
  readonly poolBytes: number;
  readonly blocksInFlight: number;
  readonly peers: number;
}

const NO_LOAD = { poolBytes: 0, blocksInFlight: 0, peers: 0 };

/**
 * The simulator's checkers over real nodes, while they run, and a witness of what they did. They see what the nodes say
 * and nothing else. Only for laboratory networks, whose first blocks are known.
 */
export class LiveWatch {
  readonly #world: LabWorld;
  readonly #nodes: WatchedNodes;
  readonly #watchman: Watchman;
  readonly #witness: NetworkWitness;
  readonly #healed: number;
  /** By node. */
  readonly #rules: Params[];
  readonly #moments = new Map<number, Moment>();
  /** By hash in wire order. */
  readonly #blocks = new Map<string, Block>();
  /** IP addresses of peers by node and number. */
  readonly #peers = new Map<string, string>();
  /** By hash in display hex, then by digest. */
  readonly #states = new Map<string, Map<string, number[]>>();
  /** Heard before the run began; undefined: it has. */
  #early: LoggedObservation[] | undefined = [];
  #beganAt = 0;
  /** Time of the latest observation, by this machine's clock in milliseconds. */
  #heard = 0;

  /** `healed`: when the last fault is over, microseconds of the run. */
  constructor(world: LabWorld, nodes: WatchedNodes, healed: number) {
    this.#world = world;
    this.#nodes = nodes;
    this.#healed = healed;
    const { plan, base } = world;
    this.#rules = Array.from({ length: plan.nodes }, (_, node) =>
      plan.late?.nodes.includes(node) === true ? plan.late.params : plan.params,
    );
    const network = this.#network();
    this.#witness = new NetworkWitness(plan.nodes, base.length - 1, network.rulesOf);
    const checkers = [...networkCheckers(network, healed), this.#witness];
    this.#watchman = new Watchman(network, checkers, base);
  }

  #network(): CheckedNetwork {
    const { plan } = this.#world;
    return {
      nodes: plan.nodes,
      rulesOf: (node) => this.#rules[node]!,
      isUp: (node) => this.#nodes.isRunning(node),
      clock: (node) => this.#now(node, "clock"),
      // A testnet sets a node's clock by starting the node again.
      clockSetBackFrom: () => 0,
      adjustedTime: (node) => this.#now(node, "adjustedTime"),
      mines: (node) => plan.hashRate[node]! > 0,
      fluxnodesOf: (node) =>
        (plan.history?.fluxnodes ?? []).flatMap(({ collateral }, i) =>
          plan.operators[i] === node ? [collateral] : [],
        ),
      isByzantine: () => false,
      linksOf: (node) => linkedWith(plan.topology, node),
      peerOf: (node, peer) => this.#peerOf(node, peer),
      blockOf: (_node, hash) => this.#blocks.get(toWireHex(hash)),
      loadOf: (node) => this.#moments.get(node) ?? NO_LOAD,
    };
  }

  /** Unix seconds, as the node said with its latest tip, and what has passed since. */
  #now(node: number, clock: "clock" | "adjustedTime"): number {
    const moment = this.#moments.get(node);
    return moment === undefined ? 0 : moment[clock] + Math.floor((this.#heard - moment.time) / 1_000);
  }

  /** A peer whose machine cannot be told by its address counts as honest and of the node's own rules. */
  #peerOf(node: number, peer: number): number {
    const ip = this.#peers.get(`${node} ${peer}`);
    return (ip === undefined ? undefined : this.#nodes.nodeAt(ip)) ?? node;
  }

  /** The run begins now, by this machine's clock in milliseconds. */
  begin(now: number): void {
    this.#beganAt = now;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const each of early) this.take(each);
  }

  /** A node keeps to these rules from now on. */
  setRules(node: number, rules: "old" | "new"): void {
    const { params, late } = this.#world.plan;
    this.#rules[node] = rules === "old" ? (late?.params ?? params) : params;
  }

  take(logged: LoggedObservation): void {
    if (this.#early !== undefined) {
      this.#early.push(logged);
      return;
    }
    const { node, time } = logged;
    this.#heard = time;
    if (node >= this.#world.plan.nodes) return; // joined later: no part of what is watched
    const { kind, ...fields } = logged;
    if (kind === "block") this.#takeBlock(fields);
    else {
      if (kind === "peer" && "address" in fields)
        this.#peers.set(`${node} ${fields["peer"]}`, ipOf(String(fields["address"])));
      if (kind === "tip") {
        this.#moments.set(node, fields as unknown as Moment);
        this.#noteState(node, fields);
      }
      this.#watchman.observe(node, observationOf(logged), this.#micros(time));
    }
  }

  #takeBlock({ hash, hex }: Readonly<Record<string, unknown>>): void {
    const key = toWireHex(displayHash(String(hash)));
    if (this.#blocks.has(key)) return;
    const block = parseWhole(wireHex(String(hex)), readBlock);
    if (block instanceof ParseError) throw new Error(`a node wrote a block that cannot be read: ${block}`);
    this.#blocks.set(key, block);
  }

  #noteState(node: number, { hash, state }: Readonly<Record<string, unknown>>): void {
    if (typeof state !== "string") return;
    const said = this.#states.get(String(hash)) ?? new Map<string, number[]>();
    this.#states.set(String(hash), said);
    const nodes = said.get(state) ?? [];
    if (!nodes.includes(node)) nodes.push(node);
    said.set(state, nodes);
  }

  /** The digests of the state after a block (display hex) that nodes computed, and which nodes each. */
  statesAfter(hash: string): ReadonlyMap<string, readonly number[]> {
    return this.#states.get(hash) ?? new Map();
  }

  #micros(time: number): number {
    return (time - this.#beganAt) * 1_000;
  }

  /** Nodes that keep to other rules than the newest now. */
  get oldRules(): readonly number[] {
    return [...this.#rules.keys()].filter((node) => this.#rules[node] !== this.params);
  }

  /** The newest rules. */
  get params(): Params {
    return this.#world.plan.params;
  }

  /** Names of the checkers. */
  get checkers(): readonly string[] {
    return this.#watchman.names.filter((name) => name !== this.#witness.name);
  }

  get findings(): readonly CheckerFinding[] {
    return this.#watchman.findings;
  }

  /** The run is over: what has to hold at the end is looked at. */
  end(now: number): void {
    this.#heard = now;
    this.#watchman.end(this.#micros(now));
  }

  /** What the network showed. */
  account(now: number): NetworkAccount {
    return {
      nodes: this.#world.plan.nodes,
      params: this.#world.plan.params,
      witness: this.#witness,
      findings: this.findings,
      healed: this.#healed,
      duration: this.#micros(now),
      linksOf: (node) => linkedWith(this.#world.plan.topology, node),
    };
  }
}

const ipOf = (endpoint: string): string =>
  endpoint.slice(0, endpoint.lastIndexOf(":")).replace(/^\[|\]$/g, "");

/** As a node of the simulator tells it. */
function observationOf({ node: _, time: __, ...fields }: LoggedObservation): Observation {
  const read = Object.entries(fields).map(([key, value]) => [
    key,
    key === "hash" || key === "txid" ? displayHash(String(value)) : value,
  ]);
  return Object.fromEntries(read) as Observation;
}
