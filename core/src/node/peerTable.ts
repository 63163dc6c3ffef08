import type { Message } from "./messages.ts";
import { isLocal } from "./networkAddress.ts";
import type { NodeSettings } from "./nodeSettings.ts";
import { Peer } from "./peer.ts";
import type { PeerRows } from "./peerRows.ts";
import type { NodePorts, PeerId, PeerLink } from "./ports.ts";

/** A node's peers: sending to them, charging them, and letting go of them. */
export class PeerTable {
  /** In the order in which they came; those that are closing stay until they are swept. */
  readonly all: Peer[];
  readonly #byId: Map<PeerId, Peer>;
  readonly #leaving: Peer[];
  readonly #ports: NodePorts;
  readonly #settings: NodeSettings;
  readonly #rows: PeerRows;
  readonly #node: number;
  readonly #freeRows: number[];

  constructor(ports: NodePorts, settings: NodeSettings, rows: PeerRows) {
    this.all = [];
    this.#byId = new Map();
    this.#leaving = [];
    this.#ports = ports;
    this.#settings = settings;
    this.#rows = rows;
    this.#node = rows.addNode();
    this.#freeRows = [];
  }

  /** Takes in a connection. `nonce` names it. */
  add(id: PeerId, link: PeerLink, nonce: bigint): Peer {
    const place = { rows: this.#rows, row: this.#freeRow(), slot: this.#freeSlot() };
    const peer = new Peer(id, place, link, nonce, this.#ports.now());
    this.all.push(peer);
    this.#byId.set(id, peer);
    this.#ports.observe({ kind: "peer", peer: id, state: "connected", reason: undefined });
    return peer;
  }

  #freeRow(): number {
    if (this.#freeRows.length === 0) this.#freeRows.push(...this.#rows.takeChunk(this.#node).toReversed());
    return this.#freeRows.pop()!;
  }

  #freeSlot(): number {
    for (let slot = 0; ; slot++) if (!this.all.some((peer) => peer.slot === slot)) return slot;
  }

  /** Undefined for one that is closing or was never there: hosts may be late. */
  get(id: PeerId): Peer | undefined {
    const peer = this.#byId.get(id);
    return peer?.closing === true ? undefined : peer;
  }

  /** See {@link PeerRows.setCalm}. */
  setCalm(tip: number, coming: number): void {
    this.#rows.setCalm(this.#node, tip, coming);
  }

  /** Queues a message; nothing goes to a peer that is closing. */
  send(peer: Peer, message: Message): void {
    if (peer.closing) return;
    if (this.#settings.keepAlive) peer.lastSent = this.#ports.now();
    this.#ports.send(peer.id, message);
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
    this.#leaving.push(peer);
    this.#ports.observe({ kind: "peer", peer: peer.id, state: "disconnected", reason });
  }

  /** Takes out one peer that is closing; undefined if there is none left. */
  sweep(): Peer | undefined {
    const peer = this.#leaving.pop();
    if (peer === undefined) return undefined;
    this.#byId.delete(peer.id);
    this.all.splice(this.all.indexOf(peer), 1);
    this.#freeRows.push(peer.row);
    return peer;
  }
}
