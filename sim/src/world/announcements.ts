import type { HeaderTree, PeerRows } from "@fluxlab/core";
import type { CalendarQueue } from "../kernel/calendarQueue.ts";
import type { EventDigest } from "../kernel/eventDigest.ts";
import type { LinkEnd, LinkId, Links } from "../net/links.ts";
import type { Letter, Letters } from "./letters.ts";
import type { MessageTally } from "./messageTally.ts";
import type { NodeClocks } from "./nodeClocks.ts";
import { ARRIVED, LETTER, UNWEIGHED } from "./worldEvents.ts";

const MIN_ROWS = 1_024;

/** The world, as far as announcements concern it. */
export interface AnnouncementHost {
  readonly plan: { readonly keepAlive: boolean };
  readonly chain: { readonly tree: HeaderTree };
  readonly links: Links;
  readonly clocks: NodeClocks;
  /** Until when a node hears nothing. */
  readonly heldUntil: Float64Array;
  readonly tally: MessageTally;
  /** Of messages sent and other things that happened. */
  events: number;
}

/**
 * A block is announced to a node by all its peers, and all but the first few of those messages tell it nothing. They end with the
 * receiver's {@link PeerRows} as soon as they are sent, and are events only if they turn out to be news after all.
 */
export class Announcements {
  readonly #host: AnnouncementHost;
  readonly #tree: HeaderTree;
  readonly #links: Links;
  readonly #peers: PeerRows;
  readonly #letters: Letters;
  readonly #queue: CalendarQueue;
  readonly #digest: EventDigest;
  /** By row of {@link PeerRows}: the end of a connection that it is for. */
  #ends = new Int32Array(MIN_ROWS);
  /** Reused: of those whom an announcement goes to. */
  #rows = new Int32Array(MIN_ROWS);

  constructor(
    host: AnnouncementHost,
    peers: PeerRows,
    letters: Letters,
    queue: CalendarQueue,
    digest: EventDigest,
  ) {
    this.#host = host;
    this.#tree = host.chain.tree;
    this.#links = host.links;
    this.#peers = peers;
    this.#letters = letters;
    this.#queue = queue;
    this.#digest = digest;
  }

  /**
   * A node sends an announcement over several connections, none of which has faults: what the world does with every message, done for
   * all of them at once.
   */
  send(node: number, links: readonly LinkId[], count: number, letter: Letter): void {
    const { message, announced, bytes } = letter;
    const sent = this.#links.transmitAll(links, count, node, bytes);
    const { ends, arrivals } = this.#links;
    if (sent > this.#rows.length) this.#rows = new Int32Array(2 * sent);
    for (let i = 0; i < sent; i++) this.#rows[i] = this.#links.peerRow(ends[i]!);
    this.#peers.fetch(this.#rows, sent);
    for (let i = 0; i < sent; i++) {
      this.#digest.row(arrivals[i]! | 0, (ARRIVED << 26) | node, this.#links.nodeAt(ends[i]!), bytes);
    }
    this.#host.events += sent;
    if (sent > 0) this.#host.tally.count(message.command, bytes, sent);
    for (let i = 0; i < sent; i++) {
      if (!this.#leaveBy(ends[i]!, announced, arrivals[i]!)) this.#push(ends[i]!, letter, arrivals[i]!);
    }
  }

  /** From now on this row is what the node at an end of a connection knows of the other. */
  met(end: LinkEnd, row: number): void {
    this.#links.setPeerRow(end, row);
    if (row >= this.#ends.length) {
      const ends = new Int32Array(Math.max(row + 1, this.#ends.length * 2));
      ends.set(this.#ends);
      this.#ends = ends;
    }
    this.#ends[row] = end;
  }

  /** Whether an announcement of `header`, sent to `end` just now, need not be delivered. */
  leave(end: LinkEnd, header: number): boolean {
    return this.#leaveBy(end, header, this.#links.arrival);
  }

  #leaveBy(end: LinkEnd, header: number, arrival: number): boolean {
    // Not the time itself: a number of this size is not boxed on its way.
    const wait = arrival - this.#peers.now;
    const node = this.#links.nodeAt(end);
    if (!this.#links.isOpenAt(end) || this.#host.heldUntil[node]! > this.#queue.time) return false;
    if (!this.#tree.isLive(header)) return false;
    const row = this.#links.peerRow(end);
    if (this.#peers.leave(row, header, this.#tree, wait, this.#heardAt(node, arrival))) return true;
    this.#peers.expect(row, header, wait);
    return false;
  }

  #heardAt(node: number, time: number): number {
    return this.#host.plan.keepAlive ? this.#host.clocks.local(node, time) : 0;
  }

  /** An announcement that was delivered has come; whether the node need not be told. */
  takes(end: LinkEnd, header: number): boolean {
    const time = this.#heardAt(this.#links.nodeAt(end), this.#queue.time);
    return this.#peers.takeKnown(this.#links.peerRow(end), header, this.#tree, time);
  }

  /** An announcement that was delivered has come, and what it led to is done. */
  came(end: LinkEnd): void {
    if (this.#links.isOpenAt(end)) this.#peers.met(this.#links.peerRow(end));
  }

  /** Before the end of a connection is closed: what is on its way there comes to a closed door. */
  recall(end: LinkEnd): void {
    this.#peers.recall(this.#links.peerRow(end), this.#deliver);
  }

  /** Before chains are folded. */
  recallAll(): void {
    this.#peers.recallAll(this.#deliver);
  }

  /** After something was done to nodes: what would be news to them by now is delivered. */
  settle(): void {
    this.#peers.takeAstray(this.#tree, this.#deliver);
  }

  readonly #deliver = (row: number, header: number, at: number): void =>
    this.#push(this.#ends[row]!, this.#letters.announcing(header), at);

  #push(end: LinkEnd, letter: Letter, at: number): void {
    const payload = this.#letters.send(letter) * LETTER + UNWEIGHED;
    this.#queue.push(at, ARRIVED, this.#links.nodeAt(end ^ 1), end, payload);
  }
}
