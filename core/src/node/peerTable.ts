import type { Message } from "./messages.ts";
import { isLocal } from "./networkAddress.ts";
import type { NodeSettings } from "./nodeSettings.ts";
import { Peer } from "./peer.ts";
import type { PeerRows } from "./peerRows.ts";
import type { NodePorts, PeerId, PeerLink } from "./ports.ts";

/** Reused: to whom an announcement goes. */
const told: PeerId[] = [];

/** A node's peers: sending to them, charging them, and letting go of them. */
export class PeerTable {
  /** In the order in which they came; those that are closing stay until they are swept. */
  readonly all: Peer[];
  // Beside {@link all}: to find and to tell a peer without touching it.
  readonly #ids: PeerId[];
  readonly #rowOf: number[];
  readonly #leaving: Peer[];
  readonly #ports: NodePorts;
  readonly #settings: NodeSettings;
  /** Whether anybody wants to know when something was sent. */
  readonly #keepAlive: boolean;
  readonly #rows: PeerRows;
  readonly #node: number;
  readonly #freeRows: number[];

  constructor(ports: NodePorts, settings: NodeSettings, rows: PeerRows) {
    this.all = [];
    this.#ids = [];
    this.#rowOf = [];
    this.#leaving = [];
    this.#ports = ports;
    this.#settings = settings;
    this.#keepAlive = settings.keepAlive;
    this.#rows = rows;
    this.#node = rows.addNode();
    this.#freeRows = [];
  }

  /** Gives the rows back to those who share them. After that there are no peers here any more. */
  release(): void {
    this.#rows.removeNode(this.#node);
    for (const column of [this.all, this.#ids, this.#rowOf, this.#leaving, this.#freeRows]) column.length = 0;
  }

  /** Takes in a connection. `nonce` names it. */
  add(id: PeerId, link: PeerLink, nonce: bigint): Peer {
    const place = { rows: this.#rows, row: this.#freeRow(), slot: this.#freeSlot() };
    const peer = new Peer(id, place, link, nonce, this.#ports.now());
    this.all.push(peer);
    this.#ids.push(id);
    this.#rowOf.push(peer.row);
    this.#ports.observe({ kind: "peer", peer: id, state: "connected", reason: undefined });
    return peer;
  }

  #freeRow(): number {
    if (this.#freeRows.length === 0) {
      this.#freeRows.push(...this.#rows.takeChunk(this.#node).toReversed());
    }
    return this.#freeRows.pop()!;
  }

  #freeSlot(): number {
    for (let slot = 0; ; slot++) if (!this.all.some((peer) => peer.slot === slot)) return slot;
  }

  /** Undefined for one that is closing or was never there: hosts may be late. */
  get(id: PeerId): Peer | undefined {
    const at = this.#ids.indexOf(id);
    if (at < 0) return undefined;
    const peer = this.all[at]!;
    return peer.closing ? undefined : peer;
  }

  /** See {@link PeerRows.setCalm}. */
  setCalm(tip: number, coming: number): void {
    this.#rows.setCalm(this.#node, tip, coming);
  }

  /** Queues a message; nothing goes to a peer that is closing. */
  send(peer: Peer, message: Message): void {
    if (peer.closing) return;
    if (this.#keepAlive) peer.lastSent = this.#ports.now();
    this.#ports.send(peer.id, message);
  }

  /**
   * Sends the `announcement` of `tip`, which follows `parent`, to everybody for whom that is all there is to do, in the order of
   * {@link all}; `others` are looked at one by one.
   */
  announce(tip: number, parent: number, announcement: Message, others: (peer: Peer) => void): void {
    const now = this.#keepAlive ? this.#ports.now() : 0;
    let count = 0;
    for (let i = 0; i < this.#rowOf.length; i++) {
      const row = this.#rowOf[i]!;
      if (!this.#rows.takeTip(row, tip, parent)) {
        this.#sendToTold(count, announcement);
        count = 0;
        others(this.all[i]!);
        continue;
      }
      if (now !== 0) this.#rows.setSentAt(row, now);
      told[count++] = this.#ids[i]!;
    }
    this.#sendToTold(count, announcement);
  }

  #sendToTold(count: number, message: Message): void {
    if (this.#ports.sendToAll !== undefined) {
      if (count > 0) this.#ports.sendToAll(told, count, message);
    } else for (let i = 0; i < count; i++) this.#ports.send(told[i]!, message);
  }

  /** Charges a peer for what it did; enough of it bans it. Source: fluxd src/main.cpp Misbehaving. */
  charge(peer: Peer, points: number, reason: string): void {
    if (points === 0 || peer.closing) return;
    const { banScore, banSeconds } = this.#settings;
    peer.score += points;
    this.#ports.observe({ kind: "score", peer: peer.id, points, reason });
    if (peer.score < banScore || peer.link.whitelisted) return;
    if (!isLocal(peer.link.address.ip)) {
      this.#ports.ban(peer.link.address, banSeconds);
      this.#ports.observe({ kind: "banned", peer: peer.id, reason });
    }
    this.drop(peer, reason);
  }

  /** Closes a connection. What others did for its sake is undone when the peers are swept. */
  drop(peer: Peer, reason: string): void {
    if (peer.closing) return;
    this.#ports.disconnect(peer.id);
    this.gone(peer, reason);
  }

  /** A connection is closed, by whomever. */
  gone(peer: Peer, reason: string | undefined): void {
    peer.closing = true;
    peer.settled = false;
    peer.toldHeaders = false;
    this.#leaving.push(peer);
    this.#ports.observe({ kind: "peer", peer: peer.id, state: "disconnected", reason });
  }

  /** Takes out one peer that is closing; undefined if there is none left. */
  sweep(): Peer | undefined {
    const peer = this.#leaving.pop();
    if (peer === undefined) return undefined;
    const at = this.all.indexOf(peer);
    for (const column of [this.all, this.#ids, this.#rowOf]) column.splice(at, 1);
    this.#freeRows.push(peer.row);
    return peer;
  }
}
