import { hashKey } from "../state/outpointKey.ts";
import { INV_TX, type InventoryItem } from "./messages.ts";
import { type NodeContext, SECOND } from "./nodeContext.ts";
import type { Peer } from "./peer.ts";
import type { PeerId } from "./ports.ts";

/** For which one announcer is waited before the next is asked. Source: fluxd src/net.cpp AskFor. */
const PATIENCE = 120 * SECOND;
/** Transactions asked for at a time. Source: fluxd src/net.h MAPASKFOR_MAX_SZ. */
const MAX_REQUESTS = 50_000;
/** In one getdata. */
const MAX_BATCH = 1_000;

interface TxRequest {
  readonly hash: Uint8Array;
  /** Those who announced it and were not asked yet, the first first. */
  readonly waiting: PeerId[];
  /** When the next of them is asked. */
  due: number;
}

/** Transactions that were announced and did not come yet. Source: fluxd src/net.cpp CNode::AskFor. */
export class TxRequests {
  readonly #context: NodeContext;
  /** By {@link hashKey}, those due first first: all wait equally long. */
  readonly #requests: Map<string, TxRequest>;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#requests = new Map();
  }

  /** `peer` announced transactions that we do not have: those that nobody was asked for are asked of it. */
  announced(peer: Peer, hashes: readonly Uint8Array[]): void {
    const due = this.#context.ports.now() + PATIENCE;
    const items: InventoryItem[] = [];
    for (const hash of hashes) {
      const key = hashKey(hash);
      const known = this.#requests.get(key);
      if (known !== undefined) {
        if (!known.waiting.includes(peer.id)) known.waiting.push(peer.id);
      } else if (this.#requests.size < MAX_REQUESTS) {
        this.#requests.set(key, { hash, waiting: [], due });
        items.push({ type: INV_TX, hash });
      }
    }
    this.#ask(peer, items);
    if (items.length > 0) this.#context.wakeBy(due);
  }

  #ask(peer: Peer, items: readonly InventoryItem[]): void {
    for (let at = 0; at < items.length; at += MAX_BATCH) {
      const batch = items.length <= MAX_BATCH ? items : items.slice(at, at + MAX_BATCH);
      this.#context.peers.send(peer, { command: "getdata", items: batch });
    }
  }

  /** It has come. */
  received(hash: Uint8Array): void {
    if (this.#requests.size > 0) this.#requests.delete(hashKey(hash));
  }

  /** Whoever is next is asked for what did not come. */
  tick(now: number): void {
    const { peers } = this.#context;
    for (const [key, request] of this.#requests) {
      if (request.due > now) {
        this.#context.wakeBy(request.due);
        return;
      }
      this.#requests.delete(key);
      const next = request.waiting.findIndex((id) => peers.get(id) !== undefined);
      if (next < 0) continue;
      const peer = peers.get(request.waiting[next]!)!;
      request.waiting.splice(0, next + 1);
      request.due = now + PATIENCE;
      this.#requests.set(key, request); // at the end
      this.#ask(peer, [{ type: INV_TX, hash: request.hash }]);
    }
  }
}
