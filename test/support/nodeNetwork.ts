import {
  DEFAULT_NODE_SETTINGS,
  FullNode,
  type Message,
  type NetworkAddress,
  type NodePorts,
  type NodeSettings,
  type Observation,
  type PeerId,
  PeerRows,
  type SharedChain,
  SharedMessages,
} from "@fluxlab/core";
import { addressOf } from "./recordingPorts.ts";

const SECOND = 1_000_000;

/** Something to happen at one node. Order: time, then the order of making. */
interface Event {
  readonly time: number;
  readonly sequence: number;
  readonly to: Receiver;
  readonly peer: PeerId;
  /** A number: the node is woken, if that is what it asked for last. */
  readonly what: Message | number;
}

/** What the network needs of a node. */
interface Receiver {
  happens(peer: PeerId, what: Message | number): void;
}

/** In place of a message: the other side has closed the connection. */
const CLOSED = -1;

const before = (a: Event, b: Event): boolean =>
  a.time < b.time || (a.time === b.time && a.sequence < b.sequence);

class EventQueue {
  readonly #heap: Event[] = [];

  get next(): Event | undefined {
    return this.#heap[0];
  }

  push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0 && before(event, heap[(at - 1) >> 1]!)) {
      heap[at] = heap[(at - 1) >> 1]!;
      at = (at - 1) >> 1;
    }
    heap[at] = event;
  }

  pop(): Event | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

/** What becomes of a message on its way: nothing, another, or several. */
export type Carry = (from: number, to: number, message: Message, time: number) => readonly Message[];

export interface NetworkOptions {
  /** Unix seconds. */
  readonly start: number;
  readonly settings?: Partial<NodeSettings>;
  readonly carry?: Carry;
  /** Whether what nodes observe and bans are kept. */
  readonly record?: boolean;
}

/** A handful of nodes, or a thousand, joined by links that delay: the least that a simulator can be. */
export class NodeNetwork {
  time: number;
  readonly nodes: NetworkNode[] = [];
  readonly options: NetworkOptions;
  readonly #shared: SharedChain;
  readonly #messages: SharedMessages;
  readonly #peerRows = new PeerRows();
  readonly #queue = new EventQueue();
  #sequence = 0;
  #peers = 0;
  messages = 0;

  constructor(shared: SharedChain, options: NetworkOptions) {
    this.#shared = shared;
    const settings = { ...DEFAULT_NODE_SETTINGS, ...options.settings };
    this.#messages = new SharedMessages(shared, settings.protocolVersion);
    this.options = options;
    this.time = options.start * SECOND;
  }

  add(shared: SharedChain = this.#shared, messages: SharedMessages = this.#messages): NetworkNode {
    const settings = { ...DEFAULT_NODE_SETTINGS, useCheckpoints: false, ...this.options.settings };
    const node = new NetworkNode(
      this,
      this.nodes.length,
      { chain: shared, messages, peers: this.#peerRows },
      settings,
    );
    this.nodes.push(node);
    return node;
  }

  at(time: number, to: Receiver, peer: PeerId, what: Message | number): void {
    this.#queue.push({ time, sequence: this.#sequence++, to, peer, what });
  }

  deliver(to: NetworkNode, peer: PeerId, message: Message, delay: number): void {
    this.messages++;
    this.at(this.time + delay, to, peer, message);
  }

  /** `from` connects to `to`; messages take `delay` microseconds each way. */
  connect(from: NetworkNode, to: NetworkNode, delay = 50_000): void {
    const [out, back] = [this.#peers++, this.#peers++];
    from.links.set(out, { to, peer: back, delay });
    to.links.set(back, { to: from, peer: out, delay });
    const link = { whitelisted: false, purpose: "ordinary" } as const;
    from.node.connected(out, { ...link, direction: "outbound", address: addressOf(to.index) });
    to.node.connected(back, { ...link, direction: "inbound", address: addressOf(from.index) });
  }

  /** Plays until nothing happens any more, or for so many seconds. */
  run(seconds: number): void {
    const end = this.time + seconds * SECOND;
    for (let event = this.#queue.next; event !== undefined && event.time <= end; event = this.#queue.next) {
      this.#queue.pop();
      this.time = event.time;
      event.to.happens(event.peer, event.what);
    }
    this.time = end;
  }
}

interface TestLink {
  readonly to: NetworkNode;
  /** The number of this connection at the other end. */
  readonly peer: PeerId;
  readonly delay: number;
}

export class NetworkNode implements NodePorts {
  readonly index: number;
  readonly node: FullNode;
  readonly links = new Map<PeerId, TestLink>();
  /** Connections the other side has closed. */
  readonly cut = new Set<PeerId>();
  readonly observed: Observation[] = [];
  readonly bans: NetworkAddress[] = [];
  readonly #network: NodeNetwork;
  #wakes = 0;
  #draw: number;

  constructor(
    network: NodeNetwork,
    index: number,
    shared: ConstructorParameters<typeof FullNode>[0],
    settings: NodeSettings,
  ) {
    this.#network = network;
    this.index = index;
    this.#draw = index;
    this.node = new FullNode(shared, this, settings);
  }

  now(): number {
    return this.#network.time;
  }
  seconds(): number {
    return Math.floor(this.now() / 1_000_000);
  }
  bits32(): number {
    this.#draw = Math.imul(this.#draw, 1_664_525) + 1_013_904_223;
    return (this.#draw ^ (this.#draw >>> 16)) >>> 0;
  }
  send(peer: PeerId, message: Message): void {
    const link = this.links.get(peer);
    if (link === undefined) return;
    const { to, delay } = link;
    const network = this.#network;
    const { carry } = network.options;
    if (carry === undefined) network.deliver(to, link.peer, message, delay);
    else {
      for (const carried of carry(this.index, to.index, message, network.time))
        network.deliver(to, link.peer, carried, delay);
    }
  }
  sendQueueBytes(): number {
    return 0;
  }
  disconnect(peer: PeerId): void {
    const link = this.links.get(peer);
    if (link === undefined) return;
    this.links.delete(peer);
    link.to.links.delete(link.peer);
    link.to.cut.add(link.peer);
    this.#network.at(this.#network.time, link.to, link.peer, CLOSED);
  }
  ban(address: NetworkAddress): void {
    this.bans.push(address);
  }
  connect(): void {}
  wakeAt(time: number): void {
    this.#network.at(time, this, 0, ++this.#wakes);
  }
  happens(peer: PeerId, what: Message | number): void {
    if (typeof what !== "number") {
      if (!this.cut.has(peer)) this.node.receive(peer, what);
    } else if (what === CLOSED) this.node.disconnected(peer);
    else if (what === this.#wakes) this.node.wake();
  }
  observe(observation: Observation): void {
    if (this.#network.options.record !== false) this.observed.push(observation);
  }
}
