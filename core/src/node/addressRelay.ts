import { murmurHash3 } from "../bytes/murmurHash3.ts";
import type { AddressManager } from "./addressManager.ts";
import type { TimedAddress } from "./messages.ts";
import { isRoutable } from "./networkAddress.ts";
import type { NodeContext } from "./nodeContext.ts";
import type { Peer } from "./peer.ts";
import { RecentHashes } from "./recentHashes.ts";

/** In one message. Source: fluxd src/main.cpp ProcessMessage "addr". */
const MAX_ADDRESSES = 1_000;
const TOO_MANY_POINTS = 20;
/** Messages of so few are gossip and go on. */
const MAX_GOSSIP = 10;
/** Gossip older than this, in seconds, goes nowhere. */
const FRESH = 10 * 60;
const GOSSIP_PEERS = 2;
/** Seconds that an address is thought older than it is said to be. */
const PENALTY = 2 * 60 * 60;
/** Times at or before it are no times. */
const NO_TIME = 100_000_000;
const UNKNOWN_AGE = 5 * 24 * 60 * 60;
/** What asking for addresses adds to what the peer may tell. */
const ASKED_TOKENS = 1_000;

const REMEMBERED_GOSSIP = 5_000;
const DAY = 24 * 60 * 60;

/** Eight bytes that hardly any other endpoint has. */
function endpointKey({ ip, port }: TimedAddress): Uint8Array {
  const key = new Uint8Array(8);
  const view = new DataView(key.buffer);
  view.setUint32(0, murmurHash3(port, ip));
  view.setUint32(4, murmurHash3(~port >>> 0, ip));
  return key;
}

/** Who listens where, passed on. Nodes that know no addresses of others pass on none. Source: fluxd src/main.cpp ProcessMessage "addr". */
export class AddressRelay {
  readonly #context: NodeContext;
  readonly #addresses: AddressManager | undefined;
  /** Gossip goes on once a day, or it would never end. */
  readonly #passedOn: RecentHashes;
  #day: number;

  constructor(context: NodeContext, addresses: AddressManager | undefined) {
    this.#context = context;
    this.#addresses = addresses;
    this.#passedOn = new RecentHashes(REMEMBERED_GOSSIP);
    this.#day = 0;
  }

  /** A peer has introduced itself. */
  introduced(peer: Peer): void {
    const { peers, seconds } = this.#context;
    if (this.#addresses === undefined) return;
    if (!peer.outbound) return;
    this.#advertise(peer);
    peers.send(peer, { command: "getaddr" });
    peer.awaitsAddresses = true;
    peer.addressTokens.grant(ASKED_TOKENS);
    this.#addresses.good(peer.link.address, seconds);
  }

  #advertise(peer: Peer): void {
    const { settings, catchingUp, adjustedTime, peers } = this.#context;
    const { listens } = settings;
    if (listens === undefined || catchingUp || !isRoutable(listens.ip)) return;
    peers.send(peer, { command: "addr", addresses: [{ ...listens, time: adjustedTime }] });
  }

  /** `addr`. */
  receive(peer: Peer, addresses: readonly TimedAddress[]): void {
    const { peers, ports } = this.#context;
    if (addresses.length > MAX_ADDRESSES) {
      peers.charge(peer, TOO_MANY_POINTS, `addr: ${addresses.length} addresses`);
      return;
    }
    const gossip = addresses.length <= MAX_GOSSIP && !peer.awaitsAddresses;
    peer.addressTokens.refill(ports.now());
    for (const address of this.#shuffled(addresses)) {
      if (!peer.link.whitelisted && !peer.addressTokens.take()) {
        peer.addressesRateLimited++;
        continue;
      }
      peer.addressesProcessed++;
      this.#take(peer, address, gossip);
    }
    if (addresses.length < MAX_ADDRESSES) peer.awaitsAddresses = false;
    if (peer.link.purpose === "oneShot") peers.drop(peer, "told its addresses");
  }

  #take(peer: Peer, told: TimedAddress, gossip: boolean): void {
    const { adjustedTime } = this.#context;
    const noTime = told.time <= NO_TIME || told.time > adjustedTime + FRESH;
    const address = noTime ? { ...told, time: adjustedTime - UNKNOWN_AGE } : told;
    this.#addresses?.add(address, peer.link.address.ip, adjustedTime, PENALTY);
    if (gossip && address.time > adjustedTime - FRESH && isRoutable(address.ip)) this.#gossip(peer, address);
  }

  /** To two peers by chance. */
  #gossip(from: Peer, address: TimedAddress): void {
    const { peers, seconds } = this.#context;
    const day = Math.floor(seconds / DAY);
    if (day !== this.#day) this.#passedOn.clear();
    this.#day = day;
    const key = endpointKey(address);
    if (this.#passedOn.has(key)) return;
    this.#passedOn.add(key);
    const others = peers.all.filter((peer) => peer !== from && peer.introduced && !peer.closing);
    for (const peer of this.#shuffled(others).slice(0, GOSSIP_PEERS)) {
      peers.send(peer, { command: "addr", addresses: [address] });
    }
  }

  #shuffled<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.#context.below(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled;
  }

  /** `getaddr`: of peers that connected to us, once. */
  asked(peer: Peer): void {
    const { peers, adjustedTime } = this.#context;
    if (peer.outbound || peer.gaveAddresses || this.#addresses === undefined) return;
    peer.gaveAddresses = true;
    const addresses = this.#addresses.shared(adjustedTime);
    for (let at = 0; at < addresses.length; at += MAX_ADDRESSES) {
      peers.send(peer, { command: "addr", addresses: addresses.slice(at, at + MAX_ADDRESSES) });
    }
  }
}
