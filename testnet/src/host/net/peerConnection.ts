import type { Socket } from "node:net";
import {
  type FrameEvent,
  FrameReader,
  frameBytes,
  isUnknownFormat,
  type Message,
  ParseError,
  type PeerId,
  type PeerLink,
  payloadBytes,
  readPayload,
  type Unreadable,
} from "@fluxlab/core";
import { osNow } from "../os.ts";

/** Input that may wait for a peer's turn before its socket is left unread. Source: fluxd src/net.h -maxreceivebuffer. */
const MAX_WAITING_INPUT = 5_000_000;
/** Messages that are looked at before their turn. */
const MOST_AHEAD = 64;
/** Output that may wait before the peer gets no more turns. Source: fluxd src/net.h -maxsendbuffer. */
const MAX_WAITING_OUTPUT = 1_000_000;
/** What is on its way to a peer that we part from may take so long, milliseconds. */
const FAREWELL_MS = 2_000;

/** What a connection tells its host. */
export interface ConnectionEvents {
  /** There may be something to do in {@link PeerConnection.turn}. */
  readonly ready: () => void;
  readonly message: (message: Message) => void;
  /** A message has come whole that will be given when its turn comes. */
  readonly ahead: (command: string, payload: Uint8Array) => void;
  readonly unreadable: (what: Unreadable) => void;
  /** A command nobody knows. */
  readonly unknown: () => void;
  /** The other side, or an error, ended it; not told of connections that this side ended. */
  readonly closed: (reason: string) => void;
}

/** A number of bytes and messages each way. */
export interface Traffic {
  bytesReceived: number;
  bytesSent: number;
}

/** Messages over one TCP connection. Input is taken up in turns, one message each, so that no peer can keep the others waiting. */
export class PeerConnection {
  readonly id: PeerId;
  readonly link: PeerLink;
  /** Unix microseconds. */
  readonly connectedAt: number;
  readonly traffic: Traffic;
  /** As the peer said; 0 before. */
  version: number;
  /** Shortest answer to a ping, microseconds. */
  shortestPing: number;
  readonly #socket: Socket;
  readonly #messageStart: Uint8Array;
  readonly #frames: FrameReader;
  /** Taken from the stream, and waiting for their turn. */
  readonly #ahead: FrameEvent[];
  #bytesAhead: number;
  readonly #events: ConnectionEvents;
  #closed: boolean;
  /** Why no more will come; what has come is still handled. */
  #over: string | undefined;
  #pingNonce: bigint | undefined;
  #pingSentAt: number;

  constructor(
    id: PeerId,
    link: PeerLink,
    socket: Socket,
    messageStart: Uint8Array,
    events: ConnectionEvents,
  ) {
    this.id = id;
    this.link = link;
    this.connectedAt = osNow();
    this.traffic = { bytesReceived: 0, bytesSent: 0 };
    this.version = 0;
    this.shortestPing = Number.POSITIVE_INFINITY;
    this.#socket = socket;
    this.#messageStart = messageStart;
    this.#frames = new FrameReader(messageStart);
    this.#ahead = [];
    this.#bytesAhead = 0;
    this.#events = events;
    this.#closed = false;
    this.#over = undefined;
    this.#pingNonce = undefined;
    this.#pingSentAt = 0;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#received(chunk));
    socket.on("drain", () => events.ready());
    socket.on("end", () => this.#isOver("the peer closed the connection"));
    socket.on("error", (error) => this.#isOver(error.message));
    socket.on("close", () => this.#isOver("the connection was lost"));
  }

  /** Bytes queued and not yet taken by the operating system. */
  get waitingOutput(): number {
    return this.#socket.writableLength;
  }

  #received(chunk: Uint8Array): void {
    this.traffic.bytesReceived += chunk.length;
    this.#frames.push(chunk);
    this.#lookAhead();
    if (this.#waitingInput >= MAX_WAITING_INPUT) this.#socket.pause();
    this.#events.ready();
  }

  get #waitingInput(): number {
    return this.#frames.waiting + this.#bytesAhead;
  }

  #lookAhead(): void {
    while (this.#ahead.length < MOST_AHEAD && this.#ahead.at(-1)?.kind !== "broken") {
      const event = this.#frames.next();
      if (event === undefined) return;
      this.#ahead.push(event);
      if (event.kind !== "frame") continue;
      this.#bytesAhead += event.payload.length;
      this.#events.ahead(event.command, event.payload);
    }
  }

  #nextFrame(): FrameEvent | undefined {
    this.#lookAhead();
    const event = this.#ahead.shift();
    if (event?.kind === "frame") this.#bytesAhead -= event.payload.length;
    return event;
  }

  /** Handles at most one message; whether there may be more. */
  turn(): boolean {
    if (this.#closed) return false;
    if (this.#over === undefined && this.waitingOutput >= MAX_WAITING_OUTPUT) return false;
    const event = this.#nextFrame();
    if (this.#waitingInput < MAX_WAITING_INPUT && this.#socket.isPaused()) this.#socket.resume();
    if (event === undefined) {
      if (this.#over !== undefined) this.#ended(this.#over);
      return false;
    }
    if (event.kind === "broken") {
      this.#ended(`what it sent is no message of this network: wrong ${event.why}`);
      return false;
    }
    if (event.kind === "frame") this.#deliver(event.command, event.payload);
    return true;
  }

  #deliver(command: string, payload: Uint8Array): void {
    const message = readPayload(command, payload);
    if (message === undefined) return this.#events.unknown();
    if (message instanceof ParseError) {
      this.#events.unreadable({ command, unknownTransactionFormat: isUnknownFormat(message) });
      return;
    }
    this.#noteIntroduction(message);
    this.#events.message(message);
  }

  /** What tells this peer from others when one of them has to go. */
  #noteIntroduction(message: Message): void {
    if (message.command === "version" && this.version === 0) this.version = message.version;
    if (message.command !== "pong" || message.nonce === undefined || message.nonce !== this.#pingNonce)
      return;
    this.shortestPing = Math.min(this.shortestPing, osNow() - this.#pingSentAt);
    this.#pingNonce = undefined;
  }

  /** Queues a message; nothing happens if the connection is over. */
  send(message: Message): void {
    if (this.#closed) return;
    if (message.command === "ping") {
      this.#pingNonce = message.nonce;
      this.#pingSentAt = osNow();
    }
    const bytes = frameBytes(this.#messageStart, message.command, payloadBytes(message));
    this.traffic.bytesSent += bytes.length;
    this.#socket.write(bytes);
  }

  /** Ends the connection after what was queued; {@link ConnectionEvents.closed} is not called. */
  close(): Promise<void> {
    this.#closed = true;
    if (this.#socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#socket.destroy(), FAREWELL_MS);
      this.#socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.destroySoon();
    });
  }

  #isOver(reason: string): void {
    this.#over ??= reason;
    this.#events.ready();
  }

  #ended(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    this.#events.closed(reason);
  }
}
