import { BloomFilter, filterFits, MAX_FILTER_ELEMENT_BYTES } from "./bloomFilter.ts";
import type { Message } from "./messages.ts";
import type { NodeContext } from "./nodeContext.ts";
import { SERVICE_BLOOM } from "./nodeSettings.ts";
import type { Peer } from "./peer.ts";

/** From this version on peers know who filters. Source: fluxd src/version.h NO_BLOOM_VERSION. */
const KNOWS_BETTER_VERSION = 170_004;
const POINTS = 100;

/** Peers that want some transactions only. Source: fluxd src/main.cpp ProcessMessage "filterload", "filteradd", "filterclear". */
export class Filtering {
  readonly #context: NodeContext;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  load(peer: Peer, message: Extract<Message, { command: "filterload" }>): void {
    if (!this.#offered(peer)) return;
    if (!filterFits(message)) {
      this.#context.peers.charge(peer, POINTS, "filterload: too large");
      return;
    }
    peer.filter = new BloomFilter(message);
    peer.relay = true;
  }

  add(peer: Peer, data: Uint8Array): void {
    if (!this.#offered(peer)) return;
    if (data.length > MAX_FILTER_ELEMENT_BYTES) {
      this.#context.peers.charge(peer, POINTS, "filteradd: too large");
    } else peer.filter?.insert(data); // without a filter everything matches already
  }

  #offered(peer: Peer): boolean {
    const offers = (this.#context.settings.services & SERVICE_BLOOM) !== 0n;
    if (offers || peer.version < KNOWS_BETTER_VERSION) return true;
    this.#context.peers.charge(peer, POINTS, "filters are not offered");
    return false;
  }

  clear(peer: Peer): void {
    peer.filter = undefined;
    peer.relay = true;
  }
}
