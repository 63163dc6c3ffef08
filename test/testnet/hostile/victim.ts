import { createConnection, type Socket } from "node:net";
import {
  DEFAULT_NODE_SETTINGS,
  FrameReader,
  FullNode,
  type Message,
  type NetworkAddress,
  type NodePorts,
  type NodeSettings,
  type Observation,
  ParseError,
  type PeerId,
  type PeerLink,
  PeerRows,
  readPayload,
  SharedMessages,
  wireHex,
} from "@fluxlab/core";
import { PeerHost, type PeerHostSettings } from "@fluxlab/testnet/host";
import { expect, vi } from "vitest";
import { BENCH_VERSION, type Lab } from "../../support/nodeBench.ts";
import { bytesOf, type Utterance } from "./attacks.ts";

export const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 60_000, interval: 5 });

/**
 * fluxd bans nobody on its own machine, and on one machine all peers are. So the node is told that 127.9.x.y is 8.9.x.y; the host, which
 * has to refuse who is banned, hears the real one.
 */
const abroad = ({ ip, ...address }: NetworkAddress): NetworkAddress => ({
  ...address,
  ip: moved(ip, 127, 8),
});
const home = ({ ip, ...address }: NetworkAddress): NetworkAddress => ({ ...address, ip: moved(ip, 8, 127) });
const moved = (ip: Uint8Array, from: number, to: number): Uint8Array =>
  ip[12] === from && ip[13] === 9 ? ip.map((byte, i) => (i === 12 ? to : byte)) : ip;

/** Ports of a node that takes some of this machine's addresses for foreign ones. */
const abroadPorts = (host: PeerHost, ahead: () => number): NodePorts => ({
  now: () => host.now() + ahead(),
  seconds: () => host.seconds(),
  bits32: () => host.bits32(),
  send: (peer, message) => host.send(peer, message),
  sendQueueBytes: (peer) => host.sendQueueBytes(peer),
  disconnect: (peer) => host.disconnect(peer),
  ban: (address, seconds) => host.ban(home(address), seconds),
  connect: (address, purpose) => host.connect(home(address), purpose),
  wakeAt: (time) => host.wakeAt(time - ahead()),
  observe: (observation) => host.observe(observation),
});

/** A full node of the core on the real host, with the recorded chain up to a height, whose clock stands there. */
export class Victim {
  readonly lab: Lab;
  readonly host: PeerHost;
  readonly node: FullNode;
  readonly scores = new Map<PeerId, number>();
  address!: NetworkAddress;
  /** Microseconds by which what the node waits by has been put forward. */
  #ahead = 0;

  constructor(
    lab: Lab,
    height: number,
    settings: Partial<PeerHostSettings> = {},
    nodeSettings: Partial<NodeSettings> = {},
  ) {
    this.lab = lab;
    const { shared } = lab;
    this.host = new PeerHost({
      messageStart: wireHex(shared.params.messageStart),
      listen: { host: "127.0.0.1", port: 0 },
      maxConnections: 125,
      whitelisted: () => false,
      upcomingVersion: () => undefined,
      observe: (observation) => this.#observed(observation),
      log: () => {},
      ...settings,
    });
    const all = { ...DEFAULT_NODE_SETTINGS, useCheckpoints: false, ...nodeSettings };
    const messages = new SharedMessages(shared, all.protocolVersion);
    this.node = new FullNode(
      { chain: shared, messages, peers: new PeerRows() },
      abroadPorts(this.host, () => this.#ahead),
      all,
    );
    this.setHeight(height);
  }

  #observed(observation: Observation): void {
    if (observation.kind !== "score") return;
    const { peer, points } = observation;
    this.scores.set(peer, (this.scores.get(peer) ?? 0) + points);
  }

  get height(): number {
    return this.node.chain.tipHeight;
  }

  /** Takes in recorded blocks, at the time of the last. */
  setHeight(height: number): void {
    this.setClock(height);
    for (const { block } of this.lab.chain.slice(this.height + 1, height + 1)) this.node.submitBlock(block);
  }

  /** To the time of a recorded block. */
  setClock(height: number): void {
    this.host.setMockTime(this.lab.chain[height]!.line.time);
  }

  /** Lets the node believe that so many seconds more have passed. */
  pass(seconds: number): void {
    this.#ahead += seconds * 1_000_000;
    this.node.wake();
  }

  async run(): Promise<this> {
    const { node } = this;
    const link = (from: PeerLink): PeerLink => ({ ...from, address: abroad(from.address) });
    this.address = (await this.host.run({
      start: () => node.start(),
      connected: (peer, from) => void node.connected(peer, link(from)),
      connectFailed: (address) => node.connectFailed(address),
      disconnected: (peer) => node.disconnected(peer),
      receive: (peer, message) => node.receive(peer, message),
      unreadable: (peer, what) => node.unreadable(peer, what),
      unknown: (peer) => node.unknown(peer),
      wake: () => node.wake(),
    }))!;
    return this;
  }

  close(): Promise<void> {
    return this.host.close();
  }
}

/** A peer that is a socket and says what it is told to. */
export class Attacker {
  readonly socket: Socket;
  readonly heard: Message[] = [];
  readonly #frames: FrameReader;
  readonly #lab: Lab;
  closed = false;

  private constructor(victim: Victim, socket: Socket) {
    this.#lab = victim.lab;
    this.#frames = new FrameReader(wireHex(victim.lab.shared.params.messageStart));
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("error", () => {}); // it is meant to be thrown out
    socket.on("end", () => socket.end());
    socket.on("close", () => {
      this.closed = true;
    });
  }

  /** From an address of this machine; 127.9.x.y is one the node may ban. */
  static async connect(victim: Victim, from: string): Promise<Attacker> {
    const socket = createConnection({ host: "127.0.0.1", port: victim.address.port, localAddress: from });
    const attacker = new Attacker(victim, socket);
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return attacker;
  }

  #take(chunk: Uint8Array): void {
    this.#frames.push(chunk);
    for (let event = this.#frames.next(); event?.kind === "frame"; event = this.#frames.next()) {
      const message = readPayload(event.command, event.payload);
      if (message !== undefined && !(message instanceof ParseError)) this.heard.push(message);
    }
  }

  say(...what: readonly Utterance[]): void {
    for (const each of what) if (!this.closed) this.socket.write(bytesOf(this.#lab, each));
  }

  /** Says who it is, and waits for the answer. */
  async introduce(): Promise<void> {
    this.say(BENCH_VERSION, { command: "verack" });
    await until(() => this.closed || this.heard.some(({ command }) => command === "sendcmpct"));
  }

  /** Whether it is still talked to, once everything it said was heard. */
  async isAnswered(nonce: bigint): Promise<boolean> {
    this.say({ command: "ping", nonce });
    await until(
      () => this.closed || this.heard.some((each) => each.command === "pong" && each.nonce === nonce),
    );
    return !this.closed;
  }

  leave(): void {
    this.socket.destroy();
  }
}
