import {
  assert,
  type BlockHash,
  DEFAULT_NODE_SETTINGS,
  FullNode,
  type HeaderTree,
  type Message,
  type NetworkAddress,
  nobleEcdsa,
  type Observation,
  ParseError,
  type PeerId,
  type PeerLink,
  PeerRows,
  payloadBytes,
  plainEquihash,
  Random,
  readPayload,
  type SharedChain,
  SharedChains,
  SharedMessages,
} from "@fluxlab/core";
import { CalendarQueue } from "../kernel/calendarQueue.ts";
import { EventDigest } from "../kernel/eventDigest.ts";
import { Latency } from "../net/latency.ts";
import { LinkFaults } from "../net/linkFaults.ts";
import { type LinkEnd, Links } from "../net/links.ts";
import { dealByShare } from "../net/regions.ts";
import type { LabNetwork } from "./labGenesis.ts";
import { Letters } from "./letters.ts";
import { mineModelledBlock } from "./modelledMining.ts";
import type { NetworkPlan } from "./networkPlan.ts";
import { addressOfNode, nodeAtAddress } from "./nodeAddresses.ts";
import { NodeClocks } from "./nodeClocks.ts";
import { type PortsHost, VirtualPorts } from "./virtualPorts.ts";

// Kinds of events, in the order in which they come at one moment. The payload is a link or nothing.
const MINED = 0;
/** A letter, which is the payload, has come to the end of a connection, which is the target. */
const ARRIVED = 1;
const CLOSED = 2;
/** Somebody opens a connection to the target. */
const CALLED = 3;
/** The target's call was answered. */
const ANSWERED = 4;
const WAKE = 5;

// What a payload says of a letter besides its number, which is above that.
const UNREADABLE = 1;
/** Was counted as under way before. */
const COPY = 2;
const LETTER = 4;

/** Digest rows that are no events. */
const TIP_ROW = 0xffff_ffff;

/** Blocks between looks at what no node can need any more. */
const FOLD_EVERY = 64;

/** Microseconds over which nodes open their first connections. */
const OPENING_TIME = 1_000_000;

const NO_WAKE = Number.POSITIVE_INFINITY;

/** Told of everything that nodes observe, at its time in the world; `tree` has the headers of that node's chain. */
export type Watcher = (node: number, observation: Observation, time: number, tree: HeaderTree) => void;

/**
 * A network of full nodes: each runs the production node over its own clock and connections, and all share blocks and what is
 * found about them, which is the same for everyone under the same rules. Time passes from event to event; what happens
 * depends on the plan alone.
 */
export class NetworkWorld implements PortsHost {
  readonly plan: NetworkPlan;
  readonly nodes: readonly FullNode[];
  readonly chain: SharedChain;
  readonly clocks: NodeClocks;
  readonly region: Uint8Array;
  readonly faults: LinkFaults;
  readonly links: Links;
  /** Messages delivered and their bytes, by command. */
  readonly delivered = new Map<Message["command"], { messages: number; bytes: number }>();
  /** Events delivered. */
  events = 0;
  /** Microseconds since the world began; everything up to then has happened. */
  playedTo = 0;
  /** Blocks mined, on whatever tip. */
  blocksMined = 0;

  readonly #chains: SharedChains;
  readonly #queue = new CalendarQueue(4_096);
  readonly #digest = new EventDigest();
  readonly #letters: Letters;
  /** What nodes know of their peers, as far as announcements concern it. */
  readonly #peers = new PeerRows();
  /** The command counted last. */
  #counted: Message["command"] | undefined;
  #counter = { messages: 0, bytes: 0 };
  readonly #watch: Watcher;
  readonly #mining: Random;
  readonly #strongest: number;
  /** When each node's earliest wake-up is due, by the world's time; older events are void. */
  readonly #wakeDue: Float64Array;
  /** When each node wants to be woken. */
  readonly #wakeWanted: Float64Array;

  constructor(plan: NetworkPlan, { params, genesis }: LabNetwork, watch: Watcher) {
    const { nodes } = plan;
    const root = Random.root(plan.seed);
    this.plan = plan;
    this.#watch = watch;
    this.#mining = root.fork("mining");
    this.#strongest = plan.hashRate.reduce((most, rate) => Math.max(most, rate), 1);
    this.clocks = new NodeClocks(nodes, plan.startSeconds);
    this.#setClocks(root.fork("clocks"));
    this.region = dealByShare(plan.regions.shares, nodes, root.fork("regions"));
    this.faults = new LinkFaults(nodes, root.fork("faults"));
    this.links = new Links(this.region, {
      regions: plan.regions,
      latency: new Latency(plan.regions.meanLatencyMs),
      random: root.fork("latency"),
      faults: this.faults,
    });
    this.#wakeDue = new Float64Array(nodes).fill(NO_WAKE);
    this.#wakeWanted = new Float64Array(nodes).fill(NO_WAKE);
    this.#chains = new SharedChains(genesis, {
      ecdsa: nobleEcdsa,
      trust: "nothing",
      equihash: plainEquihash,
    });
    this.chain = this.#chains.under(params);
    this.#letters = new Letters(this.chain.tree);
    this.nodes = this.#makeNodes(root);
    this.#openTopology(root.fork("opening"));
    this.#raceOn();
  }

  /** SHA-256 (hex) over every event delivered and every change of a tip so far. */
  digest(): string {
    return this.#digest.hex();
  }

  /** Plays everything up to a time of the world, that included. */
  advance(until: number): void {
    const queue = this.#queue;
    while (queue.nextTime <= until) {
      queue.pop();
      this.#deliver(queue.kind, queue.source, queue.target, queue.payload);
    }
    this.playedTo = until;
  }

  #makeNodes(root: Random): FullNode[] {
    const { keepAlive } = this.plan;
    const settings = { ...DEFAULT_NODE_SETTINGS, useCheckpoints: false, keepAlive };
    const { p2pPort } = this.chain.params;
    const shared = {
      chain: this.chain,
      messages: new SharedMessages(this.chain, settings.protocolVersion),
      peers: this.#peers,
    };
    return Array.from({ length: this.plan.nodes }, (_, node) => {
      const listens = addressOfNode(node, p2pPort, settings.services);
      const ports = new VirtualPorts(this, node, root.fork(`node ${node}`));
      return new FullNode(shared, ports, { ...settings, listens });
    });
  }

  #setClocks(random: Random): void {
    const { offset, drift } = this.plan.clocks;
    for (let node = 0; node < this.plan.nodes; node++) {
      this.clocks.offset[node] = random.below(2 * offset + 1) - offset;
      this.clocks.drift[node] = random.below(2 * drift + 1) - drift;
    }
  }

  #openTopology(random: Random): void {
    const { nodes, starts, peers, outbound } = this.plan.topology;
    for (let node = 0; node < nodes; node++) {
      this.nodes[node]!.start();
      for (let i = 0; i < outbound[node]!; i++) {
        this.#call(node, peers[starts[node]! + i]!, random.below(OPENING_TIME));
      }
    }
  }

  #deliver(kind: number, source: number, target: number, payload: number): void {
    if (kind === WAKE) {
      this.#wake(target);
      return;
    }
    if (kind === ARRIVED) {
      this.#arrive(payload, target);
      return;
    }
    this.#record(kind, source, target, payload);
    if (kind === MINED) this.#mine(target);
    else if (kind === CLOSED) this.#closed(payload, target);
    else if (kind === CALLED) this.#called(payload, source, target);
    else this.#answered(payload, source, target);
  }

  #record(kind: number, source: number, target: number, what: number): void {
    this.events++;
    this.#digest.row(this.#queue.time, (kind << 26) | source, target, what);
  }

  // Mining

  /** Draws who finds the next block of the network, and when: exponential times have no memory, so one race stands for all. */
  #raceOn(): void {
    const winner = this.#mining.weighted(this.plan.hashRate, this.#strongest);
    const time = this.#queue.time + this.#mining.exponential(this.plan.blockInterval);
    this.#queue.push(time, MINED, winner, winner, 0);
  }

  #mine(miner: number): void {
    this.#raceOn();
    const node = this.nodes[miner]!;
    const seconds = Math.floor(this.localTime(miner) / 1_000_000);
    const block = mineModelledBlock(node, this.chain, seconds, this.#mining);
    if (block === undefined) return;
    this.blocksMined++;
    const hash = this.chain.tree.hashOf(block.header);
    this.observe(miner, { kind: "produced", hash, height: node.chain.tipHeight + 1 });
    node.submitBlock(block);
    if (this.blocksMined % FOLD_EVERY === 0) this.#chains.fold(this.nodes.map(({ chain }) => chain));
  }

  // Messages

  send(node: number, link: PeerId, message: Message): void {
    const from = this.links.end(link, node);
    if (!this.links.isOpenAt(from)) return;
    const { bytes } = this.#letters.of(message);
    this.links.transmit(link, node, bytes, this.#queue.time);
    const { arrival, again, corrupted } = this.links;
    if (arrival === Number.POSITIVE_INFINITY) return;
    const letter = this.#letters.of(this.plan.wire === "bytes" ? throughBytes(message) : message);
    const flags = corrupted ? UNREADABLE : 0;
    this.#queue.push(arrival, ARRIVED, node, from ^ 1, this.#letters.send(letter) * LETTER + flags);
    if (again === Number.POSITIVE_INFINITY) return;
    this.#queue.push(again, ARRIVED, node, from ^ 1, this.#letters.send(letter) * LETTER + flags + COPY);
  }

  #arrive(payload: number, end: LinkEnd): void {
    const letter = this.#letters.numbered((payload / LETTER) | 0);
    const { message } = letter;
    const target = this.links.nodeAt(end);
    const bytes = (payload & COPY) === 0 ? letter.bytes : 0;
    this.#record(ARRIVED, this.#queue.source, target, bytes);
    this.#letters.delivered(letter);
    this.links.arrived(end, bytes);
    if (!this.links.isOpenAt(end)) return;
    this.#count(message.command, bytes);
    const link = end >>> 1;
    if ((payload & UNREADABLE) !== 0)
      this.nodes[target]!.unreadable(link, { command: message.command, unknownTransactionFormat: false });
    else if (letter.announced < 0 || !this.#takesKnown(end, target, letter.announced))
      this.nodes[target]!.receive(link, message);
  }

  /** Most announcements are of a block that the node has: those it need not be woken for. */
  #takesKnown(end: LinkEnd, node: number, header: number): boolean {
    const time = this.plan.keepAlive ? this.localTime(node) : 0;
    return this.#peers.takeKnown(this.links.peerRow(end), header, this.chain.tree, time);
  }

  #count(command: Message["command"], bytes: number): void {
    if (command !== this.#counted) {
      this.#counted = command;
      this.#counter = this.delivered.get(command) ?? { messages: 0, bytes: 0 };
      this.delivered.set(command, this.#counter);
    }
    this.#counter.messages++;
    this.#counter.bytes += bytes;
  }

  bytesUnderWay(node: number, link: PeerId): number {
    return this.links.underWay(link, node);
  }

  // Connections

  connect(node: number, address: NetworkAddress, purpose: PeerLink["purpose"]): void {
    assert(purpose === "ordinary", "virtual nodes are told whom to connect to, and ask for nothing else");
    const target = nodeAtAddress(address, this.plan.nodes);
    if (target !== undefined && target !== node) this.#call(node, target, 0);
  }

  #call(caller: number, target: number, wait: number): void {
    const link = this.links.add(caller, target);
    const time = this.#queue.time + wait + this.links.delay(caller, target);
    this.#queue.push(time, CALLED, caller, target, link);
  }

  /** The target takes the connection, and waits for the caller to speak. */
  #called(link: number, caller: number, target: number): void {
    const time = this.#queue.time + this.links.delay(target, caller);
    this.#queue.push(time, ANSWERED, target, caller, link);
    this.links.setOpen(link, target, true);
    this.#connected(link, target, this.#linkTo(caller, "inbound"));
  }

  #answered(link: number, source: number, caller: number): void {
    this.links.setOpen(link, caller, true);
    this.#connected(link, caller, this.#linkTo(source, "outbound"));
  }

  #connected(link: PeerId, node: number, peer: PeerLink): void {
    this.links.setPeerRow(link, node, this.nodes[node]!.connected(link, peer));
  }

  #linkTo(node: number, direction: PeerLink["direction"]): PeerLink {
    return { direction, address: this.#addressOf(node), whitelisted: false, purpose: "ordinary" };
  }

  #addressOf(node: number): NetworkAddress {
    return addressOfNode(node, this.chain.params.p2pPort, DEFAULT_NODE_SETTINGS.services);
  }

  disconnect(node: number, link: PeerId): void {
    if (!this.links.isOpen(link, node)) return;
    this.links.setOpen(link, node, false);
    this.links.transmit(link, node, 0, this.#queue.time);
    const peer = this.links.other(link, node);
    // Whoever is cut off hears nothing, not even that.
    if (this.links.arrival === Number.POSITIVE_INFINITY) return;
    this.#queue.push(this.links.arrival, CLOSED, node, peer, link);
  }

  #closed(link: number, node: number): void {
    if (!this.links.isOpen(link, node)) return;
    this.links.setOpen(link, node, false);
    this.nodes[node]!.disconnected(link);
  }

  /** Bans end connections; the node closes them itself, and nobody calls twice. */
  ban(): void {}

  // Time

  localTime(node: number): number {
    return this.clocks.local(node, this.#queue.time);
  }

  /**
   * Nodes change their minds about when to wake far more often than they wake. An event that is early enough stays and looks
   * again when it comes; only an earlier wish makes a new one, and voids the old.
   */
  wakeAt(node: number, local: number): void {
    const time = this.clocks.worldTime(node, local, this.#queue.time);
    this.#wakeWanted[node] = time;
    if (time < this.#wakeDue[node]!) this.#scheduleWake(node, time);
  }

  #scheduleWake(node: number, time: number): void {
    this.#wakeDue[node] = time;
    this.#queue.push(time, WAKE, node, node, 0);
  }

  #wake(node: number): void {
    const { time } = this.#queue;
    if (this.#wakeDue[node] !== time) return;
    this.#wakeDue[node] = NO_WAKE;
    const wanted = this.#wakeWanted[node]!;
    if (wanted > time) {
      if (wanted !== NO_WAKE) this.#scheduleWake(node, wanted);
      return;
    }
    this.#wakeWanted[node] = NO_WAKE;
    this.#record(WAKE, node, node, 0);
    this.nodes[node]!.wake();
  }

  // What nodes tell

  observe(node: number, observation: Observation): void {
    const { time } = this.#queue;
    if (observation.kind === "tip")
      this.#digest.row(TIP_ROW, node, observation.height, firstWord(observation.hash));
    this.#watch(node, observation, time, this.chain.tree);
  }
}

/** What a message is after it was written to bytes and read again. */
function throughBytes(message: Message): Message {
  const read = readPayload(message.command, payloadBytes(message));
  assert(read !== undefined && !(read instanceof ParseError), `a node can read its own ${message.command}`);
  return read;
}

/** The first four bytes as shown to people end in zeros of proof of work; the last four do not. */
const firstWord = (hash: BlockHash): number =>
  hash[0]! | (hash[1]! << 8) | (hash[2]! << 16) | (hash[3]! << 24);
