import type { BlockHash } from "../primitives/ids.ts";
import type { ABSENT } from "../state/keyTable.ts";
import type { BloomFilter } from "./bloomFilter.ts";
import type { InventoryItem } from "./messages.ts";
import type { PeerRows } from "./peerRows.ts";
import type { PeerId, PeerLink } from "./ports.ts";
import { addressBucket, type TokenBucket } from "./tokenBucket.ts";

/** A block that was asked for. */
export interface BlockRequest {
  readonly row: number;
  readonly peer: Peer;
  /** When the peer is dropped for not having sent it. */
  deadline: number;
}

/** Shared by all peers that wait for nothing: most of them, most of the time. Never written to. */
export const NONE: readonly never[] = [];

/** Where a peer is kept. */
export interface PeerPlace {
  readonly rows: PeerRows;
  readonly row: number;
  readonly slot: number;
}

/**
 * What a node knows of one peer. Thousands of nodes have a dozen each, so all have one shape, and what few of them need is made
 * when they need it. Times are those of {@link NodePorts.now}; rows are of the header tree.
 */
export class Peer {
  // First what each block looks at: it fills two or three cache lines that way, and no more.

  readonly id: PeerId;
  /** Of {@link PeerRows}, where the rest is. */
  readonly row: number;
  readonly #rows: PeerRows;
  readonly link: PeerLink;
  /** Gone, or about to be: nothing is sent to it or heard from it any more. */
  closing: boolean;
  /** Of the protocol; 0 until the peer has said its version. */
  version: number;
  /** Whether {@link services} has SERVICE_NETWORK. */
  servesBlocks: boolean;
  /** A block it announced whose header we did not have. */
  unknownAnnounced: Uint8Array | undefined;
  /** Announcements without a known parent since the last that had one. */
  unconnecting: number;
  /** Whether it was asked for headers because it connected, and has not sent all it has. */
  syncing: boolean;
  /** When it was last asked for headers and has not answered; 0: it has. */
  headersAskedAt: number;
  /** Its last answer was a short one, so there are no more headers to come. */
  headersComplete: boolean;
  /** Blocks asked for and not received, the oldest request first. */
  requests: readonly BlockRequest[];
  /** Since when it keeps everybody waiting; 0: it does not. */
  stallingSince: number;
  /** What it asked for and has not got because its connection is slow. */
  unserved: readonly InventoryItem[];
  /** The last block of the list it got for getblocks: when it fetches that, it hears of the tip. */
  continueAt: BlockHash | undefined;

  // Then the rest.

  /** By which this node would know itself at the other end; a number of its own for each connection. */
  readonly nonce: bigint;
  readonly connectedAt: number;
  /** The lowest number that none of the node's other peers has: for tables of bits. */
  readonly slot: number;
  services: bigint;
  userAgent: string;
  /** Of the peer's chain when it connected; -1 if it did not say. */
  startHeight: number;
  /** Whether its version was acknowledged by it. */
  acknowledged: boolean;
  score: number;

  /** Of the last ping sent and not answered; 0: none. */
  pingNonce: bigint;
  pingSentAt: number;
  /** Shortest answer to a ping, microseconds. */
  minPing: number;
  /** When the stale tip probe went out; 0: none is under way. */
  probedAt: number;

  /** Asked us to announce blocks by their headers. */
  prefersHeaders: boolean;
  /** Asked us to announce blocks by sending them in compact form. */
  prefersCompactBlocks: boolean;
  /** Whether it was asked for headers because it connected. */
  syncStarted: boolean;

  /** Whether transactions are announced to it. */
  relay: boolean;
  /** Which ones, if not all. */
  filter: BloomFilter | undefined;
  /** Transactions it will be told of at {@link announceAt}. */
  toAnnounce: InventoryItem[];
  announceAt: number;

  /** What it may tell of addresses. */
  readonly addressTokens: TokenBucket;
  /** Addresses it told of that were looked at, and that were too many. */
  addressesProcessed: number;
  addressesRateLimited: number;
  /** Waits for an answer to getaddr. */
  awaitsAddresses: boolean;
  /** Its getaddr was answered. */
  gaveAddresses: boolean;

  /** `row` of `rows` is this peer's from now on. */
  constructor(id: PeerId, { rows, row, slot }: PeerPlace, link: PeerLink, nonce: bigint, now: number) {
    rows.clear(row);
    this.id = id;
    this.row = row;
    this.#rows = rows;
    this.slot = slot;
    this.link = link;
    this.nonce = nonce;
    this.connectedAt = now;
    this.closing = false;
    this.version = 0;
    this.services = 0n;
    this.servesBlocks = false;
    this.userAgent = "";
    this.startHeight = -1;
    this.acknowledged = false;
    this.score = 0;
    this.pingNonce = 0n;
    this.pingSentAt = 0;
    this.minPing = Number.POSITIVE_INFINITY;
    this.probedAt = 0;
    this.prefersHeaders = false;
    this.prefersCompactBlocks = false;
    this.unknownAnnounced = undefined;
    this.unconnecting = 0;
    this.syncStarted = false;
    this.syncing = false;
    this.headersAskedAt = 0;
    this.headersComplete = false;
    this.requests = NONE;
    this.stallingSince = 0;
    this.unserved = NONE;
    this.continueAt = undefined;
    this.relay = false;
    this.filter = undefined;
    this.toAnnounce = NONE as never[];
    this.announceAt = 0;
    this.addressTokens = addressBucket(now);
    this.addressesProcessed = 0;
    this.addressesRateLimited = 0;
    this.awaitsAddresses = false;
    this.gaveAddresses = false;
  }

  /** The header with the most work that the peer is known to have, or {@link ABSENT}. */
  get bestKnown(): number {
    return this.#rows.bestKnown(this.row);
  }

  set bestKnown(header: number) {
    this.#rows.setBestKnown(this.row, header);
  }

  /** The last header we sent it, or {@link ABSENT}. */
  get bestSent(): number {
    return this.#rows.bestSent(this.row);
  }

  set bestSent(header: number) {
    this.#rows.setBestSent(this.row, header);
  }

  /** The last block that both have, as far as known, or {@link ABSENT}. */
  get lastCommon(): number {
    return this.#rows.lastCommon(this.row);
  }

  set lastCommon(header: number) {
    this.#rows.setLastCommon(this.row, header);
  }

  get lastReceived(): number {
    return this.#rows.heardAt(this.row);
  }

  set lastReceived(time: number) {
    this.#rows.setHeardAt(this.row, time);
  }

  get lastSent(): number {
    return this.#rows.sentAt(this.row);
  }

  set lastSent(time: number) {
    this.#rows.setSentAt(this.row, time);
  }

  /** Whether {@link PeerRows.takeTip} may answer for it. */
  set toldHeaders(told: boolean) {
    this.#rows.setToldHeaders(this.row, told);
  }

  /** Whether {@link PeerRows.takeKnown} may take its announcements. */
  set settled(settled: boolean) {
    this.#rows.setSettled(this.row, settled);
  }

  /** Has said its version, which is when fluxd counts a peer as connected. */
  get introduced(): boolean {
    return this.version !== 0;
  }

  get outbound(): boolean {
    return this.link.direction === "outbound";
  }

  /** Whether blocks are rather asked of this peer than of others. Source: fluxd src/main.cpp UpdatePreferredDownload. */
  get preferred(): boolean {
    return (this.outbound || this.link.whitelisted) && this.link.purpose !== "oneShot" && this.servesBlocks;
  }
}
