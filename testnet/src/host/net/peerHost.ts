import { createConnection, createServer, type Server, type Socket } from "node:net";
import {
  type Ban,
  BanList,
  endpointText,
  ipText,
  type Message,
  type NetworkAddress,
  type NodePorts,
  networkGroupKey,
  type Observation,
  onlyAddress,
  type PeerId,
  type PeerLink,
  parseIp,
  peerToEvict,
  sameEndpoint,
  type Unreadable,
} from "@fluxlab/core";
import { Alarm, osBits32, osNow } from "../os.ts";
import { PeerConnection, type Traffic } from "./peerConnection.ts";

/** What a host does with a node: the part of the node that hosts call. */
export interface HostedNode {
  start(): void;
  connected(peer: PeerId, link: PeerLink): void;
  connectFailed(address: NetworkAddress): void;
  disconnected(peer: PeerId): void;
  receive(peer: PeerId, message: Message): void;
  unreadable(peer: PeerId, what: Unreadable): void;
  unknown(peer: PeerId): void;
  wake(): void;
}

/** How a node takes part in the network. */
export interface PeerHostSettings {
  /** The four bytes that open each message. */
  readonly messageStart: Uint8Array;
  /** Where to take connections; port 0: any that is free. Undefined: none are taken. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  /** All connections together: -maxconnections. */
  readonly maxConnections: number;
  /** Whether limits and bans do not apply to an IP: -whitelist. */
  readonly whitelisted: (ip: Uint8Array) => boolean;
  /** Microseconds by which the node's clock is fast; 0 if left out. */
  readonly clockOffset?: number;
  /** The version that peers will need soon, if an upgrade is near: see `upcomingVersion` of the core. */
  readonly upcomingVersion: () => number | undefined;
  readonly observe: (observation: Observation) => void;
  /** A block has come, whose message waits for its turn. */
  readonly blockAhead?: (payload: Uint8Array) => void;
  /** For the log: what happens to connections besides what the node observes. */
  readonly log: (text: string) => void;
}

/** What a person wants to know of a peer. */
export interface PeerStatus {
  readonly peer: PeerId;
  readonly endpoint: string;
  readonly direction: PeerLink["direction"];
  readonly purpose: PeerLink["purpose"];
  readonly version: number;
  /** Unix microseconds. */
  readonly connectedAt: number;
  /** Microseconds; undefined before the first answer to a ping. */
  readonly shortestPing: number | undefined;
  readonly traffic: Readonly<Traffic>;
}

/** Source: fluxd src/net.h MAX_OUTBOUND_CONNECTIONS. */
export const MAX_OUTBOUND = 16;
/** Milliseconds until an attempt to connect is given up. Source: fluxd src/netbase.h DEFAULT_CONNECT_TIMEOUT. */
const DIAL_TIMEOUT_MS = 5_000;

interface Dial {
  readonly address: NetworkAddress;
  readonly socket: Socket;
}

/**
 * The network of one node: its ports on TCP sockets, timers, and the operating system's clock and randomness. The node is never
 * called from inside its own calls.
 */
export class PeerHost implements NodePorts {
  readonly bans: BanList;
  readonly #settings: PeerHostSettings;
  readonly #evictionKey: Uint8Array;
  readonly #connections: Map<PeerId, PeerConnection>;
  readonly #dials: Set<Dial>;
  readonly #alarm: Alarm;
  #node: HostedNode | undefined;
  #server: Server | undefined;
  /** Of connections that are over. */
  readonly #pastTraffic: Traffic;
  #nextPeer: PeerId;
  #turnPending: boolean;
  /** Unix microseconds at which the node's clock was stopped; undefined: it goes. */
  #stoppedAt: number | undefined;
  #closing: boolean;

  constructor(settings: PeerHostSettings) {
    this.bans = new BanList();
    this.#settings = settings;
    this.#evictionKey = Uint8Array.from({ length: 32 }, () => osBits32() & 0xff);
    this.#connections = new Map();
    this.#dials = new Set();
    this.#alarm = new Alarm(() => this.#node?.wake());
    this.#node = undefined;
    this.#server = undefined;
    this.#pastTraffic = { bytesReceived: 0, bytesSent: 0 };
    this.#nextPeer = 1;
    this.#turnPending = false;
    this.#stoppedAt = undefined;
    this.#closing = false;
  }

  /**
   * Opens the network to `node`, which was made with this host as its ports. Where it listens, or undefined.
   * @throws Error of the operating system if the port cannot be had
   */
  async run(node: HostedNode): Promise<NetworkAddress | undefined> {
    this.#node = node;
    const { listen } = this.#settings;
    const address = listen === undefined ? undefined : await this.#listen(listen.host, listen.port);
    node.start();
    return address;
  }

  async #listen(host: string, port: number): Promise<NetworkAddress> {
    const server = createServer({ pauseOnConnect: false }, (socket) => this.#accept(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port }, () => {
        server.off("error", reject);
        server.on("error", (error) => this.#settings.log(`listening: ${error.message}`));
        resolve();
      });
    });
    const bound = server.address();
    if (bound === null || typeof bound === "string") throw new Error(`${host}:${port} is no TCP address`);
    return addressOf(bound.address, bound.port);
  }

  /** Parts from all peers and stops listening. The node is not called any more. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#node = undefined;
    this.#alarm.cancel();
    for (const { socket } of this.#dials) socket.destroy();
    this.#dials.clear();
    const farewells = [...this.#connections.values()].map((connection) => connection.close());
    this.#connections.clear();
    const server = this.#server;
    if (server !== undefined) farewells.push(new Promise((resolve) => server.close(() => resolve())));
    await Promise.all(farewells);
  }

  #accept(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined || remotePort === undefined || this.#closing) {
      socket.destroy();
      return;
    }
    const address = addressOf(remoteAddress, remotePort);
    const whitelisted = this.#settings.whitelisted(address.ip);
    const refusal = this.#refusal(address, whitelisted);
    if (refusal !== undefined) {
      this.#settings.log(`${endpointText(address)} was turned away: ${refusal}`);
      socket.destroy();
      return;
    }
    this.#open(socket, { direction: "inbound", address, whitelisted, purpose: "ordinary" });
  }

  /** Why a newcomer is not let in. If all places are taken, somebody may have to go for him. */
  #refusal(address: NetworkAddress, whitelisted: boolean): string | undefined {
    if (!whitelisted && this.bans.isBanned(address.ip, this.seconds())) return "it is banned";
    const inbound = this.#peers("inbound");
    if (inbound.length < this.#settings.maxConnections - MAX_OUTBOUND) return undefined;
    const evicted = peerToEvict(
      inbound
        .filter(({ link }) => !link.whitelisted)
        .map(({ id, link, version, shortestPing, connectedAt }) => ({
          ...{ peer: id, ip: link.address.ip, version, shortestPing, connectedAt },
        })),
      {
        key: this.#evictionKey,
        upcomingVersion: this.#settings.upcomingVersion(),
        preferNewcomer: whitelisted,
      },
    );
    if (evicted === undefined) return "all places are taken";
    this.#settings.log(`${endpointText(this.#connections.get(evicted)!.link.address)} had to make room`);
    this.disconnect(evicted);
    this.#node?.disconnected(evicted);
    return undefined;
  }

  #peers(direction: PeerLink["direction"]): PeerConnection[] {
    return [...this.#connections.values()].filter(({ link }) => link.direction === direction);
  }

  #open(socket: Socket, link: PeerLink): void {
    const id = this.#nextPeer++;
    const connection = new PeerConnection(id, link, socket, this.#settings.messageStart, {
      ready: () => this.#wantTurn(),
      message: (message) => this.#node?.receive(id, message),
      ahead: (command, payload) => {
        if (command === "block") this.#settings.blockAhead?.(payload);
      },
      unreadable: (what) => this.#node?.unreadable(id, what),
      unknown: () => this.#node?.unknown(id),
      closed: (reason) => {
        if (!this.#connections.delete(id)) return;
        this.#noteOver(connection);
        this.#settings.log(`${endpointText(link.address)}: ${reason}`);
        this.#node?.disconnected(id);
      },
    });
    this.#connections.set(id, connection);
    this.#node?.connected(id, link);
  }

  #noteOver({ traffic }: PeerConnection): void {
    this.#pastTraffic.bytesReceived += traffic.bytesReceived;
    this.#pastTraffic.bytesSent += traffic.bytesSent;
  }

  /** Bytes since the process began. */
  totalTraffic(): Traffic {
    const total = { ...this.#pastTraffic };
    for (const { traffic } of this.#connections.values()) {
      total.bytesReceived += traffic.bytesReceived;
      total.bytesSent += traffic.bytesSent;
    }
    return total;
  }

  #wantTurn(): void {
    if (this.#turnPending) return;
    this.#turnPending = true;
    setImmediate(() => this.#turn());
  }

  /** One message of each peer; what is left waits for the next turn, after what the operating system has for us. */
  #turn(): void {
    this.#turnPending = false;
    let more = false;
    for (const connection of [...this.#connections.values()]) more = connection.turn() || more;
    if (more) this.#wantTurn();
  }

  now(): number {
    return osNow() + (this.#settings.clockOffset ?? 0);
  }

  seconds(): number {
    return this.#stoppedAt ?? Math.floor(this.now() / 1_000_000);
  }

  /** Stops the node's clock at a Unix second, or lets it go again: for networks whose blocks are of another time. */
  setMockTime(seconds: number | undefined): void {
    this.#stoppedAt = seconds;
    setImmediate(() => this.#node?.wake());
  }

  bits32(): number {
    return osBits32();
  }

  send(peer: PeerId, message: Message): void {
    this.#connections.get(peer)?.send(message);
  }

  sendQueueBytes(peer: PeerId): number {
    return this.#connections.get(peer)?.waitingOutput ?? 0;
  }

  disconnect(peer: PeerId): void {
    const connection = this.#connections.get(peer);
    if (connection === undefined) return;
    this.#connections.delete(peer);
    this.#noteOver(connection);
    void connection.close();
  }

  ban({ ip }: NetworkAddress, seconds: number): void {
    this.bans.ban(onlyAddress(ip), this.seconds() + seconds);
  }

  connect(address: NetworkAddress, purpose: PeerLink["purpose"]): void {
    if (this.#closing) return;
    const whitelisted = this.#settings.whitelisted(address.ip);
    if (this.bans.isBanned(address.ip, this.seconds())) {
      setImmediate(() => this.#node?.connectFailed(address));
      return;
    }
    const socket = createConnection({ host: ipText(address.ip), port: address.port });
    const dial: Dial = { address, socket };
    this.#dials.add(dial);
    const failed = (reason: string) => {
      if (!this.#dials.delete(dial)) return;
      socket.destroy();
      this.#settings.log(`${endpointText(address)} cannot be reached: ${reason}`);
      this.#node?.connectFailed(address);
    };
    socket.setTimeout(DIAL_TIMEOUT_MS, () => failed("no answer in 5 seconds"));
    socket.on("error", (error) => failed(error.message));
    socket.once("connect", () => {
      if (!this.#dials.delete(dial)) return;
      socket.setTimeout(0);
      socket.removeAllListeners("error").removeAllListeners("timeout");
      this.#open(socket, { direction: "outbound", address, whitelisted, purpose });
    });
  }

  wakeAt(time: number): void {
    if (!this.#closing) this.#alarm.set((time - this.now()) / 1_000);
  }

  observe(observation: Observation): void {
    this.#settings.observe(observation);
  }

  /** Outbound connections and attempts at one. */
  get outboundCount(): number {
    return this.#peers("outbound").length + this.#dials.size;
  }

  /** Whether there is a connection to this port of this IP, or an attempt at one. */
  isConnectedTo(address: NetworkAddress): boolean {
    return (
      [...this.#dials].some((dial) => sameEndpoint(dial.address, address)) ||
      this.#peers("outbound").some(({ link }) => sameEndpoint(link.address, address))
    );
  }

  /** Groups of outbound peers. */
  get outboundGroups(): Set<string> {
    const addresses = [
      ...this.#peers("outbound").map(({ link }) => link.address),
      ...[...this.#dials].map((dial) => dial.address),
    ];
    return new Set(addresses.map(({ ip }) => networkGroupKey(ip)));
  }

  /** Everybody there is, in order of arrival. */
  peers(): PeerStatus[] {
    return [...this.#connections.values()].map(
      ({ id, link, version, connectedAt, shortestPing, traffic }) => ({
        peer: id,
        endpoint: endpointText(link.address),
        direction: link.direction,
        purpose: link.purpose,
        version,
        connectedAt,
        shortestPing: Number.isFinite(shortestPing) ? shortestPing : undefined,
        traffic: { ...traffic },
      }),
    );
  }

  /** Bans in force. */
  currentBans(): Ban[] {
    return this.bans.bans(this.seconds());
  }
}

/** A peer's services are not known before it says them. */
function addressOf(host: string, port: number): NetworkAddress {
  const ip = parseIp(host.replace(/%.*$/, "")); // a link-local address has its interface behind it
  if (ip === undefined) throw new Error(`the operating system names a peer "${host}"`);
  return { services: 0n, ip, port };
}
