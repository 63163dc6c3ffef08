import type { Random } from "@fluxlab/core";
import type { Latency } from "./latency.ts";
import type { LinkFaults } from "./linkFaults.ts";
import type { Regions } from "./regions.ts";

/** What fits one packet goes out between the parts of larger messages, and does not wait for them. */
const PACKET_BYTES = 1_460;

/** Names a connection between two nodes, at both ends alike, and is never given twice. */
export type LinkId = number;

/**
 * The connections of a world: rows of typed columns, and when what is sent over them arrives. A node's line carries one large
 * message at a time, at the lower of its upload and the other's download speed; over one connection nothing overtakes.
 */
export class Links {
  /** Of the message transmitted last: when it arrives, Infinity if it is lost; and what befell it. */
  arrival = 0;
  corrupted = false;
  /** When it arrives again; Infinity: it does not. */
  again = 0;

  #length = 0;
  #opener = new Uint32Array(1_024);
  #accepter = new Uint32Array(1_024);
  /** By end: 2 * link for the opener's, one more for the accepter's. Whether that end is open. */
  #open = new Uint8Array(2_048);
  /** By end that sends: when its last message arrives, and bytes on the way. */
  #lastArrival = new Float64Array(2_048);
  #underWay = new Float64Array(2_048);

  readonly #uploadFree: Float64Array;
  readonly #region: Uint8Array;
  readonly #regions: Regions;
  readonly #latency: Latency;
  readonly #latencies: Random;
  readonly #faults: LinkFaults;

  /** @param region by node */
  constructor(region: Uint8Array, { regions, latency, random, faults }: LinkModel) {
    this.#region = region;
    this.#regions = regions;
    this.#latency = latency;
    this.#latencies = random;
    this.#faults = faults;
    this.#uploadFree = new Float64Array(region.length);
  }

  /** A new connection, open at neither end. */
  add(opener: number, accepter: number): LinkId {
    if (this.#length === this.#opener.length) this.#grow();
    this.#opener[this.#length] = opener;
    this.#accepter[this.#length] = accepter;
    return this.#length++;
  }

  /** The node that opened it. */
  opener(link: LinkId): number {
    return this.#opener[link]!;
  }

  /** The node at the other end. */
  other(link: LinkId, node: number): number {
    return this.#opener[link] === node ? this.#accepter[link]! : this.#opener[link]!;
  }

  isOpen(link: LinkId, node: number): boolean {
    return this.#open[this.#end(link, node)] === 1;
  }

  setOpen(link: LinkId, node: number, open: boolean): void {
    this.#open[this.#end(link, node)] = open ? 1 : 0;
  }

  /** Bytes that a node sent over a connection and that have not arrived. */
  underWay(link: LinkId, node: number): number {
    return this.#underWay[this.#end(link, node)]!;
  }

  /** A message has come to its end, wherever that is. */
  arrived(link: LinkId, from: number, bytes: number): void {
    this.#underWay[this.#end(link, from)]! -= bytes;
  }

  /** How long something without weight takes now, in whole microseconds. */
  delay(from: number, to: number): number {
    const drawn = this.#latency.draw(this.#region[from]!, this.#region[to]!, this.#latencies);
    return this.#faults.active ? drawn + this.#faults.delay(this.#faults.path(from, to)) : drawn;
  }

  /** Sends a message and leaves in {@link arrival}, {@link corrupted} and {@link again} what becomes of it. */
  transmit(link: LinkId, from: number, bytes: number, now: number): void {
    const to = this.other(link, from);
    const faulty = this.#faults.active;
    const path = faulty ? this.#faults.path(from, to) : 0;
    const sent = this.#sendOff(
      from,
      to,
      bytes,
      now,
      faulty ? this.#faults.bandwidth(path) : Number.POSITIVE_INFINITY,
    );
    const end = this.#end(link, from);
    const released = faulty ? this.#faults.heldUntil(path) : 0;
    const inOrder = Math.max(sent + this.delay(from, to), this.#lastArrival[end]!, released);
    this.arrival = inOrder;
    this.corrupted = false;
    this.again = Number.POSITIVE_INFINITY;
    if (faulty) this.#befall(path, from, to);
    if (this.arrival === Number.POSITIVE_INFINITY) return;
    this.#lastArrival[end] = inOrder;
    this.#underWay[end]! += bytes;
  }

  /** When the last byte leaves. */
  #sendOff(from: number, to: number, bytes: number, now: number, limit: number): number {
    const up = this.#regions.upload[this.#region[from]!]!;
    const down = this.#regions.download[this.#region[to]!]!;
    const duration = Math.ceil((bytes * 8_000_000) / Math.min(up, down, limit));
    if (bytes <= PACKET_BYTES) return now + duration;
    const done = Math.max(now, this.#uploadFree[from]!) + duration;
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

  #end(link: LinkId, node: number): number {
    return 2 * link + (this.#opener[link] === node ? 0 : 1);
  }

  #grow(): void {
    const nodes = (column: Uint32Array) => {
      const larger = new Uint32Array(column.length * 2);
      larger.set(column);
      return larger;
    };
    const times = (column: Float64Array) => {
      const larger = new Float64Array(column.length * 2);
      larger.set(column);
      return larger;
    };
    this.#opener = nodes(this.#opener);
    this.#accepter = nodes(this.#accepter);
    this.#lastArrival = times(this.#lastArrival);
    this.#underWay = times(this.#underWay);
    const open = new Uint8Array(this.#open.length * 2);
    open.set(this.#open);
    this.#open = open;
  }
}

/** What decides how long messages take. */
export interface LinkModel {
  readonly regions: Regions;
  readonly latency: Latency;
  /** Of latencies. */
  readonly random: Random;
  readonly faults: LinkFaults;
}
