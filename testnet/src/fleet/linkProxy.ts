import { createConnection, createServer, type Server, type Socket } from "node:net";
import type { Random } from "@fluxlab/core";
import { listen, portOf } from "./freePorts.ts";

// One link of a testnet: its dialling node connects here, and what it says goes on to the other node, late, slowly or not at all. TCP
// leaves no room for a lost or an overtaken byte, so a loss is what TCP makes of one: everything behind it waits for it to be sent again.

/** What is wrong with one direction of a link. Times are milliseconds. */
export interface LinkTrouble {
  /** On the way for so long. */
  readonly latencyMs: number;
  /** And up to so much longer, drawn for each piece; pieces stay in order. */
  readonly jitterMs: number;
  /** Pieces in a million that are lost: they and what follows wait for {@link RETRANSMISSION_MS}. */
  readonly lossPerMillion: number;
  /** Pieces in a million at which the connection breaks. */
  readonly resetPerMillion: number;
  /** Pieces in a million that arrive twice, which the reader of a stream sees as garbage. */
  readonly duplicatedPerMillion: number;
  /** Bytes a second; 0: no limit. */
  readonly bytesPerSecond: number;
  /** Nothing gets through; what is said meanwhile waits until the link heals, and new connections hang. */
  readonly cut: boolean;
}

/** A link in order. */
export const NO_TROUBLE: LinkTrouble = {
  latencyMs: 0,
  jitterMs: 0,
  lossPerMillion: 0,
  resetPerMillion: 0,
  duplicatedPerMillion: 0,
  bytesPerSecond: 0,
  cut: false,
};

/** The first wait of TCP for an acknowledgement. Source: RFC 6298, as Linux does it (TCP_RTO_MIN). */
export const RETRANSMISSION_MS = 200;

/** Bytes on their way in one direction before the sender has to wait, as TCP's window makes it. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** Towards the node that listens, or back to the one that dialled. */
export type Way = "there" | "back";

/** Counts of one link, both directions together. */
export interface LinkCounts {
  readonly connections: number;
  readonly open: number;
  readonly bytes: number;
  /** Pieces whose time was waited for, and by how many milliseconds they left later than that, all together: machines were busy. */
  readonly waited: number;
  readonly lateMs: number;
}

/** A link of a testnet, wherever its proxy runs. */
export interface Link {
  /** HOST:PORT that the dialling node has to connect to. */
  readonly address: string;
  readonly counts: LinkCounts;
  trouble(way: Way): LinkTrouble;
  /** From now on; what is on its way already keeps its time. */
  set(way: Way, trouble: LinkTrouble): void;
  /** Breaks what is connected; the dialling node may try again. */
  reset(): void;
  close(): Promise<void>;
}

/** Between whom a link is. */
export interface LinkRoute {
  /** Ip address for the node that dials to connect to. */
  readonly listenOn: string;
  /** There; if left out, at any port that is free. */
  readonly port?: number;
  /** HOST:PORT of the node that listens. */
  readonly target: string;
  /** Ip address that it sees its peer at. */
  readonly from: string;
}

/** A TCP proxy for one link between two nodes. */
export class LinkProxy implements Link {
  readonly #server: Server;
  readonly #route: LinkRoute;
  readonly #random: Random;
  readonly #trouble: Record<Way, LinkTrouble> = { there: NO_TROUBLE, back: NO_TROUBLE };
  readonly #open = new Set<ProxiedConnection>();
  #connections = 0;
  #bytes = 0;
  #waited = 0;
  #lateMs = 0;

  /** Listens on a port of its own for the node that dials, and connects it to the other. */
  static async start(route: LinkRoute, random: Random): Promise<LinkProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const proxy = new LinkProxy(server, route, random);
    await listen(server, route.port ?? 0, route.listenOn);
    return proxy;
  }

  private constructor(server: Server, route: LinkRoute, random: Random) {
    this.#server = server;
    this.#route = route;
    this.#random = random;
    server.on("connection", (socket) => this.#accept(socket));
  }

  get address(): string {
    return `${this.#route.listenOn}:${portOf(this.#server)}`;
  }

  get counts(): LinkCounts {
    return {
      ...{ connections: this.#connections, open: this.#open.size, bytes: this.#bytes },
      ...{ waited: this.#waited, lateMs: this.#lateMs },
    };
  }

  trouble(way: Way): LinkTrouble {
    return this.#trouble[way];
  }

  set(way: Way, trouble: LinkTrouble): void {
    this.#trouble[way] = trouble;
    for (const connection of this.#open) connection.changed();
  }

  reset(): void {
    for (const connection of [...this.#open]) connection.destroy();
  }

  async close(): Promise<void> {
    this.reset();
    await new Promise((closed) => this.#server.close(closed));
  }

  #accept(dialler: Socket): void {
    this.#connections++;
    const [host, port] = this.#route.target.split(":");
    const listener = createConnection({
      ...{ host: host!, port: Number(port), localAddress: this.#route.from },
      ...{ noDelay: true, allowHalfOpen: true },
    });
    const connection = new ProxiedConnection(dialler, listener, {
      trouble: (way) => this.#trouble[way],
      random: this.#random,
      passed: (bytes) => {
        this.#bytes += bytes;
      },
      late: (ms) => {
        this.#waited++;
        this.#lateMs += ms;
      },
      closed: () => void this.#open.delete(connection),
    });
    this.#open.add(connection);
  }
}

interface ConnectionHost {
  trouble(way: Way): LinkTrouble;
  readonly random: Random;
  passed(bytes: number): void;
  /** A piece that was waited for could have left so many milliseconds ago. */
  late(ms: number): void;
  closed(): void;
}

/** Two sockets and what is on its way between them. */
class ProxiedConnection {
  readonly #streams: readonly DelayedStream[];
  readonly #sockets: readonly Socket[];
  readonly #host: ConnectionHost;
  #destroyed = false;

  constructor(dialler: Socket, listener: Socket, host: ConnectionHost) {
    this.#host = host;
    this.#sockets = [dialler, listener];
    const broken = () => this.destroy();
    this.#streams = [
      new DelayedStream(dialler, listener, "there", host, broken),
      new DelayedStream(listener, dialler, "back", host, broken),
    ];
    for (const socket of this.#sockets) {
      socket.on("error", broken);
      socket.on("close", () => this.#closedOne());
    }
  }

  changed(): void {
    for (const stream of this.#streams) stream.pump();
  }

  /** Both ends see a broken connection. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const stream of this.#streams) stream.stop();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#host.closed();
  }

  /** One end is gone for good: so is the other, once it has got all that was said. */
  #closedOne(): void {
    if (this.#destroyed || !this.#sockets.every((socket) => socket.destroyed)) return;
    this.#destroyed = true;
    for (const stream of this.#streams) stream.stop();
    this.#host.closed();
  }
}

interface Piece {
  readonly bytes: Buffer | undefined;
  readonly dueMs: number;
}

/** One direction: pieces wait in line until each is due. */
class DelayedStream {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #way: Way;
  readonly #host: ConnectionHost;
  readonly #broken: () => void;
  readonly #queue: Piece[] = [];
  #queuedBytes = 0;
  #lastDueMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #draining = false;

  constructor(source: Socket, sink: Socket, way: Way, host: ConnectionHost, broken: () => void) {
    this.#source = source;
    this.#sink = sink;
    this.#way = way;
    this.#host = host;
    this.#broken = broken;
    source.on("data", (bytes) => this.#take(bytes));
    source.on("end", () => this.#push(undefined));
    sink.on("drain", () => {
      this.#draining = false;
      this.pump();
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #take(bytes: Buffer): void {
    const { resetPerMillion, duplicatedPerMillion } = this.#host.trouble(this.#way);
    if (this.#happens(resetPerMillion)) {
      this.#broken();
      return;
    }
    this.#push(bytes);
    if (this.#happens(duplicatedPerMillion)) this.#push(bytes);
    if (this.#queuedBytes >= WINDOW_BYTES) this.#source.pause();
  }

  /** Puts a piece, or the end, behind the others. */
  #push(bytes: Buffer | undefined): void {
    const { latencyMs, jitterMs, lossPerMillion, bytesPerSecond } = this.#host.trouble(this.#way);
    const jitter = jitterMs === 0 ? 0 : this.#host.random.below(Math.ceil(jitterMs) + 1);
    const again = this.#happens(lossPerMillion) ? RETRANSMISSION_MS : 0;
    const sending = bytesPerSecond === 0 || bytes === undefined ? 0 : (bytes.length * 1_000) / bytesPerSecond;
    const arrival = performance.now() + latencyMs + jitter + again;
    this.#lastDueMs = Math.max(arrival, this.#lastDueMs) + sending;
    this.#queue.push({ bytes, dueMs: this.#lastDueMs });
    this.#queuedBytes += bytes?.length ?? 0;
    this.pump();
  }

  #happens(perMillion: number): boolean {
    return perMillion > 0 && this.#host.random.below(1_000_000) < perMillion;
  }

  /** Sends on what is due. */
  pump(): void {
    clearTimeout(this.#timer);
    if (this.#draining || this.#host.trouble(this.#way).cut) return;
    let piece = this.#queue[0];
    while (piece !== undefined && piece.dueMs <= performance.now()) {
      this.#queue.shift();
      if (!this.#send(piece)) return;
      piece = this.#queue[0];
    }
    if (piece !== undefined) this.#wait(piece.dueMs);
  }

  #wait(dueMs: number): void {
    const due = () => {
      const late = performance.now() - dueMs;
      if (late >= 0) this.#host.late(late); // timers may also come a little early
      this.pump();
    };
    this.#timer = setTimeout(due, Math.max(0, dueMs - performance.now()));
  }

  /** False: the receiver has to catch up first. */
  #send({ bytes }: Piece): boolean {
    if (this.#sink.destroyed) return false;
    if (bytes === undefined) {
      this.#sink.end();
      return true;
    }
    this.#queuedBytes -= bytes.length;
    this.#host.passed(bytes.length);
    if (this.#queuedBytes < WINDOW_BYTES) this.#source.resume();
    this.#draining = !this.#sink.write(bytes);
    return !this.#draining;
  }
}
