import type { HeaderTree, PeerRows } from "@fluxlab/core";
import type { CalendarQueue } from "../kernel/calendarQueue.ts";
import type { LinkEnd, Links } from "../net/links.ts";
import type { Letters } from "./letters.ts";
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
  /** By row of {@link PeerRows}: the end of a connection that it is for. */
  #ends = new Int32Array(MIN_ROWS);

  constructor(host: AnnouncementHost, peers: PeerRows, letters: Letters, queue: CalendarQueue) {
    this.#host = host;
    this.#tree = host.chain.tree;
    this.#links = host.links;
    this.#peers = peers;
    this.#letters = letters;
    this.#queue = queue;
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
    const { arrival } = this.#links;
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

  readonly #deliver = (row: number, header: number, at: number): void => {
    const end = this.#ends[row]!;
    const letter = this.#letters.send(this.#letters.announcing(header));
    this.#queue.push(at, ARRIVED, this.#links.nodeAt(end ^ 1), end, letter * LETTER + UNWEIGHED);
  };
}
