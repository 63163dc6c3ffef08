import type {
  Message,
  NetworkAddress,
  NodePorts,
  Observation,
  PeerId,
  PeerLink,
  Random,
} from "@fluxlab/core";

/** What a world does for its nodes; the number is the node's. */
export interface PortsHost {
  localTime(node: number): number;
  send(node: number, peer: PeerId, message: Message): void;
  sendToAll(node: number, peers: readonly PeerId[], count: number, message: Message): void;
  bytesUnderWay(node: number, peer: PeerId): number;
  disconnect(node: number, peer: PeerId): void;
  ban(node: number, address: NetworkAddress, seconds: number): void;
  connect(node: number, address: NetworkAddress, purpose: PeerLink["purpose"]): void;
  wakeAt(node: number, time: number): void;
  observe(node: number, observation: Observation): void;
}

/** The ports of one virtual node: the world's doors with the node's number on them, and chance of its own. */
export class VirtualPorts implements NodePorts {
  readonly #host: PortsHost;
  readonly #node: number;
  readonly #random: Random;

  constructor(host: PortsHost, node: number, random: Random) {
    this.#host = host;
    this.#node = node;
    this.#random = random;
  }

  now(): number {
    return this.#host.localTime(this.#node);
  }

  seconds(): number {
    return Math.floor(this.now() / 1_000_000);
  }

  bits32(): number {
    return this.#random.bits32();
  }

  send(peer: PeerId, message: Message): void {
    this.#host.send(this.#node, peer, message);
  }

  sendToAll(peers: readonly PeerId[], count: number, message: Message): void {
    this.#host.sendToAll(this.#node, peers, count, message);
  }

  sendQueueBytes(peer: PeerId): number {
    return this.#host.bytesUnderWay(this.#node, peer);
  }

  disconnect(peer: PeerId): void {
    this.#host.disconnect(this.#node, peer);
  }

  ban(address: NetworkAddress, seconds: number): void {
    this.#host.ban(this.#node, address, seconds);
  }

  connect(address: NetworkAddress, purpose: PeerLink["purpose"]): void {
    this.#host.connect(this.#node, address, purpose);
  }

  wakeAt(time: number): void {
    this.#host.wakeAt(this.#node, time);
  }

  observe(observation: Observation): void {
    this.#host.observe(this.#node, observation);
  }
}
