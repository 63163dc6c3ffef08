import {
  type AddressManager,
  chooseFeeler,
  chooseOutbound,
  type NetworkAddress,
  type OutboundRules,
  type PeerLink,
  sameEndpoint,
} from "@fluxlab/core";
import { osNow } from "../os.ts";
import { MAX_OUTBOUND, type PeerHost } from "./peerHost.ts";

/** Between two looks at whether somebody could be dialled. Source: fluxd src/net.cpp ThreadOpenConnections. */
const TICK_MS = 500;
/** Between two tries of a peer that a person named: -addnode. Source: fluxd src/net.cpp ThreadOpenAddedConnections. */
const ADDED_RETRY_SECONDS = 120;
/** Between two looks at an address that was never tried. Source: fluxd src/net.cpp FEELER_INTERVAL. */
const FEELER_SECONDS = 120;

/** Whom to dial. */
export interface DialPlan {
  readonly defaultPort: number;
  /** Peers to stay connected to, besides others: -addnode. */
  readonly added: readonly NetworkAddress[];
  /** The only peers to connect to: -connect. Undefined: whoever is known. */
  readonly only: readonly NetworkAddress[] | undefined;
}

/** A peer that a person named. */
interface AddedPeer {
  readonly address: NetworkAddress;
  /** Unix seconds of the last try. */
  triedAt: number;
}

/** Keeps a node's outbound places filled. */
export class Dialer {
  readonly #host: PeerHost;
  readonly #addresses: AddressManager;
  readonly #plan: DialPlan;
  #added: readonly AddedPeer[];
  #timer: NodeJS.Timeout | undefined;
  #nextFeeler: number;

  constructor(host: PeerHost, addresses: AddressManager, plan: DialPlan) {
    this.#host = host;
    this.#addresses = addresses;
    this.#plan = plan;
    this.#added = plan.added.map((address) => ({ address, triedAt: 0 }));
    this.#timer = undefined;
    this.#nextFeeler = Math.floor(osNow() / 1_000_000) + FEELER_SECONDS;
  }

  /** Dials at once, `anchors` first, and from then on as places become free. */
  start(anchors: readonly NetworkAddress[] = []): void {
    const now = Math.floor(osNow() / 1_000_000);
    if (this.#plan.only === undefined) for (const anchor of anchors) this.#dial(anchor, "ordinary", now);
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Stays connected to a peer from now on. */
  add(address: NetworkAddress): void {
    this.#added = [...this.#added, { address, triedAt: 0 }];
  }

  /** No longer does; a connection that there is stays. */
  remove(address: NetworkAddress): void {
    this.#added = this.#added.filter((peer) => !sameEndpoint(peer.address, address));
  }

  #tick(): void {
    const now = Math.floor(osNow() / 1_000_000);
    const { only } = this.#plan;
    for (const peer of this.#added) {
      if (now - peer.triedAt < ADDED_RETRY_SECONDS) continue;
      peer.triedAt = now;
      this.#dial(peer.address, "ordinary", now);
    }
    for (const address of only ?? []) this.#dial(address, "ordinary", now);
    if (only !== undefined) return;
    this.#dialKnown(now);
  }

  #dialKnown(now: number): void {
    if (this.#host.outboundCount >= MAX_OUTBOUND) return;
    const rules: OutboundRules = {
      defaultPort: this.#plan.defaultPort,
      takenGroups: this.#host.outboundGroups,
      refused: ({ ip }) => this.#host.bans.isBanned(ip, now),
    };
    if (now >= this.#nextFeeler) {
      this.#nextFeeler = now + FEELER_SECONDS;
      const untried = chooseFeeler(this.#addresses, now, rules);
      if (untried !== undefined) this.#dial(untried, "feeler", now);
      return;
    }
    const chosen = chooseOutbound(this.#addresses, now, rules);
    if (chosen !== undefined) this.#dial(chosen, "ordinary", now);
  }

  #dial(address: NetworkAddress, purpose: PeerLink["purpose"], now: number): void {
    if (this.#host.outboundCount >= MAX_OUTBOUND || this.#host.isConnectedTo(address)) return;
    this.#addresses.attempt(address, now);
    this.#host.connect(address, purpose);
  }
}
