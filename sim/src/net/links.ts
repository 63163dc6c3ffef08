import type { Random } from "@fluxlab/core";
import { Latency } from "./latency.ts";
import type { LinkFaults } from "./linkFaults.ts";
import type { Regions } from "./regions.ts";

/** What fits one packet goes out between the parts of larger messages, and does not wait for them. */
const PACKET_BYTES = 1_460;

const FIRST_ROWS = 2_048;
const FIRST_ENDS = 64;
// A row is 32 bytes: a connection with both its ends is a cache line. First doubles, then words.
const ROW_DOUBLES = 4;
const ROW_WORDS = 8;
/** When the last message sent from this end arrives. */
const LAST_ARRIVAL = 0;
/** Bytes sent from this end that have not arrived. */
const UNDER_WAY = 1;
/** Whose end it is. */
const NODE = 4;
const OPEN = 5;
const PEER_ROW = 6;

/** Names a connection between two nodes, at both ends alike, and is never given twice. */
export type LinkId = number;

/** Names one of the two ends of a connection. */
export type LinkEnd = number;

/**
 * The connections of a world: rows of typed columns, and when what is sent over them arrives. A node's line carries one large
 * message at a time, at the lower of its upload and the other's download speed; over one connection nothing overtakes.
 */
export class Links {
  /** The world's time. A field, because a number of this size would be boxed on its way to each call. */
  now = 0;
  /** Of the message transmitted last: when it arrives, Infinity if it is lost; and what befell it. */
  arrival = 0;
  corrupted = false;
  /** When it arrives again; Infinity: it does not. */
  again = 0;
  /** Of the message {@link transmitAll} sent last: to which ends it goes, and when it arrives there. */
  ends = new Int32Array(FIRST_ENDS);
  arrivals = new Float64Array(FIRST_ENDS);

  #length = 0;
  // A row for each end, those of one connection side by side.
  #doubles = new Float64Array(FIRST_ROWS * ROW_DOUBLES);
  #words = new Int32Array(this.#doubles.buffer);

  readonly #uploadFree: Float64Array;
  readonly #region: Uint8Array;
  readonly #regions: Regions;
  readonly #latency: Latency;
  readonly #latencies: Random;
  readonly #faults: LinkFaults;

  /** @param region by node */
  constructor(region: Uint8Array, { regions, random, faults }: LinkModel) {
    this.#region = region;
    this.#regions = regions;
    this.#latency = new Latency(regions.meanLatencyMs);
    this.#latencies = random;
    this.#faults = faults;
    this.#uploadFree = new Float64Array(region.length);
  }

  /** A new connection, open at neither end. */
  add(opener: number, accepter: number): LinkId {
    const link = this.#length++;
    if (2 * this.#length * ROW_WORDS > this.#words.length) this.#grow();
    this.#words[2 * link * ROW_WORDS + NODE] = opener;
    this.#words[(2 * link + 1) * ROW_WORDS + NODE] = accepter;
    return link;
  }

  /** The node that opened it. */
  opener(link: LinkId): number {
    return this.nodeAt(2 * link);
  }

  /** The node at the other end. */
  other(link: LinkId, node: number): number {
    return this.nodeAt(this.end(link, node) ^ 1);
  }

  isOpen(link: LinkId, node: number): boolean {
    return this.isOpenAt(this.end(link, node));
  }

  setOpen(link: LinkId, node: number, open: boolean): void {
    this.#words[this.end(link, node) * ROW_WORDS + OPEN] = open ? 1 : 0;
  }

  /** A node's end of a connection: the opener's is the first. */
  end(link: LinkId, node: number): LinkEnd {
    return 2 * link + (this.#words[2 * link * ROW_WORDS + NODE] === node ? 0 : 1);
  }

  /** Whose end it is. */
  nodeAt(end: LinkEnd): number {
    return this.#words[end * ROW_WORDS + NODE]!;
  }

  isOpenAt(end: LinkEnd): boolean {
    return this.#words[end * ROW_WORDS + OPEN] === 1;
  }

  /** The row that the node there has for whom it is connected with. */
  peerRow(end: LinkEnd): number {
    return this.#words[end * ROW_WORDS + PEER_ROW]!;
  }

  setPeerRow(end: LinkEnd, row: number): void {
    this.#words[end * ROW_WORDS + PEER_ROW] = row;
  }

  /** Bytes that a node sent over a connection and that have not arrived. */
  underWay(link: LinkId, node: number): number {
    return this.#doubles[this.end(link, node) * ROW_DOUBLES + UNDER_WAY]!;
  }

  /** A message has come to this end. */
  arrived(end: LinkEnd, bytes: number): void {
    this.#doubles[(end ^ 1) * ROW_DOUBLES + UNDER_WAY]! -= bytes;
  }

  /** How long something without weight takes now, in whole microseconds. */
  delay(from: number, to: number): number {
    const drawn = this.#latency.draw(this.#region[from]!, this.#region[to]!, this.#latencies);
    return this.#faults.active ? drawn + this.#faults.delay(this.#faults.path(from, to)) : drawn;
  }

  /** Sends a message and leaves in {@link arrival}, {@link corrupted} and {@link again} what becomes of it. */
  transmit(link: LinkId, from: number, bytes: number): void {
    const end = this.end(link, from);
    const to = this.nodeAt(end ^ 1);
    const faulty = this.#faults.active;
    const path = faulty ? this.#faults.path(from, to) : 0;
    const sent = this.#sendOff(
      from,
      to,
      bytes,
      faulty ? this.#faults.bandwidth(path) : Number.POSITIVE_INFINITY,
    );
    const row = end * ROW_DOUBLES;
    const released = faulty ? this.#faults.heldUntil(path) : 0;
    const inOrder = Math.max(sent + this.delay(from, to), this.#doubles[row + LAST_ARRIVAL]!, released);
    this.arrival = inOrder;
    this.corrupted = false;
    this.again = Number.POSITIVE_INFINITY;
    if (faulty) this.#befall(path, from, to);
    if (this.arrival === Number.POSITIVE_INFINITY) return;
    this.#doubles[row + LAST_ARRIVAL] = inOrder;
    this.#doubles[row + UNDER_WAY]! += bytes;
  }

  /**
   * Sends a message over the first `count` of `links`, as {@link transmit} would over one after the other while no link has faults, and
   * counts it as no bytes under way. How many of the links are open, and so how far {@link ends} and {@link arrivals} go.
   */
  transmitAll(links: readonly LinkId[], count: number, from: number, bytes: number): number {
    const open = this.#openEnds(links, count, from);
    for (let i = 0; i < open; i++) {
      const end = this.ends[i]!;
      const to = this.#words[end * ROW_WORDS + NODE]!;
      const sent = this.#sendOff(from, to, bytes, Number.POSITIVE_INFINITY);
      const drawn = this.#latency.draw(this.#region[from]!, this.#region[to]!, this.#latencies);
      const last = (end ^ 1) * ROW_DOUBLES + LAST_ARRIVAL;
      const arrival = Math.max(sent + drawn, this.#doubles[last]!);
      this.#doubles[last] = arrival;
      this.arrivals[i] = arrival;
    }
    return open;
  }

  /** A loop of its own: rows of links are far apart, and a processor fetches several at once if nothing else is in its way. */
  #openEnds(links: readonly LinkId[], count: number, from: number): number {
    if (count > this.ends.length) {
      this.ends = new Int32Array(2 * count);
      this.arrivals = new Float64Array(2 * count);
    }
    const words = this.#words;
    const { ends } = this;
    let open = 0;
    for (let i = 0; i < count; i++) {
      const first = 2 * links[i]!;
      const end = words[first * ROW_WORDS + NODE] === from ? first : first + 1;
      if (words[end * ROW_WORDS + OPEN] === 1) ends[open++] = end ^ 1;
    }
    return open;
  }

  /** When the last byte leaves. */
  #sendOff(from: number, to: number, bytes: number, limit: number): number {
    const up = this.#regions.upload[this.#region[from]!]!;
    const down = this.#regions.download[this.#region[to]!]!;
    const duration = Math.ceil((bytes * 8_000_000) / Math.min(up, down, limit));
    if (bytes <= PACKET_BYTES) return this.now + duration;
    const done = Math.max(this.now, this.#uploadFree[from]!) + duration;
    this.#uploadFree[from] = done;
    return done;
  }

  #befall(path: number, from: number, to: number): void {
    if (this.#faults.loses(path)) {
      this.arrival = Number.POSITIVE_INFINITY;
      return;
    }
    if (this.#faults.reorders(path)) this.arrival += this.delay(from, to);
    this.corrupted = this.#faults.corrupts(path);
    if (this.#faults.duplicates(path)) this.again = this.arrival + this.delay(from, to);
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words); // as words: not every pair of them survives as a double
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
  }
}

/** What decides how long messages take. */
export interface LinkModel {
  readonly regions: Regions;
  /** Of latencies. */
  readonly random: Random;
  readonly faults: LinkFaults;
}
