import type { NetworkKind } from "../params/params.ts";
import type { Message, NetworkAddress, VersionMessage } from "./messages.ts";
import type { NodeContext } from "./nodeContext.ts";
import { SERVICE_NETWORK } from "./nodeSettings.ts";
import type { Peer } from "./peer.ts";
import { REJECT_DUPLICATE, REJECT_OBSOLETE, reject } from "./rejects.ts";

/** What the first Bitcoin nodes that had this version called 300. */
const OLD_NAME = 10_300;
/** From this version on peers hear of our wish for headers and compact blocks. Source: fluxd src/version.h SENDHEADERS_VERSION. */
const ANNOUNCEMENT_VERSION = 170_021;
const COMPACT_BLOCKS_VERSION = 1n;

/** What peers must speak whatever the epoch. Source: fluxd src/version.h MIN_PEER_PROTO_VERSION, MIN_PEER_PROTO_VERSION_TESTNET. */
const LEAST_VERSION: Readonly<Record<NetworkKind, number>> = {
  main: 170_002,
  test: 170_016,
  regtest: 1,
  lab: 1,
};

const VERACK: Message = { command: "verack" };
const SEND_HEADERS: Message = { command: "sendheaders" };
/** fluxd takes compact blocks and never asks for them. */
const SEND_COMPACT: Message = { command: "sendcmpct", announce: false, version: COMPACT_BLOCKS_VERSION };

const NOWHERE: NetworkAddress = { services: 0n, ip: new Uint8Array(16), port: 0 };

/** How two nodes introduce themselves. Source: fluxd src/main.cpp ProcessMessage "version", "verack". */
export class Handshake {
  readonly #context: NodeContext;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  /** Says this node's version: at once to those it connected to, else in answer to theirs. */
  greet(peer: Peer): void {
    const { settings, chain, seconds, adjustedTime, peers } = this.#context;
    const { services, listens } = settings;
    peers.send(peer, {
      command: "version",
      version: settings.protocolVersion,
      services,
      time: BigInt(peer.outbound ? seconds : adjustedTime),
      receiver: peer.link.address,
      sender: listens ?? { ...NOWHERE, services },
      nonce: peer.nonce,
      userAgent: settings.userAgent,
      startHeight: chain.tipHeight,
      relay: true,
    });
  }

  /** Whether the peer is now introduced. */
  version(peer: Peer, message: VersionMessage): boolean {
    const { peers } = this.#context;
    if (peer.introduced) {
      reject(this.#context, peer, "version", {
        code: REJECT_DUPLICATE,
        reason: "Duplicate version message",
        dos: 1,
      });
      return false;
    }
    const version = message.version === OLD_NAME ? 300 : message.version;
    const least = LEAST_VERSION[this.#context.params.kind];
    if (version < least) return this.#tooOld(peer, least);
    if (!this.keepsUp(peer, version)) return false;
    if (this.#isSelf(peer, message.nonce)) {
      peers.drop(peer, "connected to itself");
      return false;
    }
    peer.version = version;
    peer.services = message.services;
    peer.servesBlocks = (message.services & SERVICE_NETWORK) !== 0n;
    peer.userAgent = message.userAgent;
    peer.startHeight = message.startHeight;
    peer.relay = message.relay;
    if (!peer.outbound) this.greet(peer);
    peers.send(peer, VERACK);
    this.#noteTime(peer, message.time);
    return true;
  }

  /** Whether a peer speaks what the rules after our tip demand; it is told and dropped if it does not. */
  keepsUp(peer: Peer, version: number): boolean {
    const { requiredVersion } = this.#context;
    return version >= requiredVersion || this.#tooOld(peer, requiredVersion);
  }

  #tooOld(peer: Peer, least: number): false {
    const reason = `Version must be ${least} or greater`;
    reject(this.#context, peer, "version", { code: REJECT_OBSOLETE, reason, dos: 0 });
    this.#context.peers.drop(peer, reason);
    return false;
  }

  /** Every connection has a number of its own, where fluxd remembers only the last. */
  #isSelf(peer: Peer, nonce: bigint): boolean {
    if (peer.outbound || nonce <= 1n) return false;
    return this.#context.peers.all.some(
      (other) => other.outbound && !other.introduced && other.nonce === nonce,
    );
  }

  #noteTime(peer: Peer, time: bigint): void {
    const { timeOffset, seconds } = this.#context;
    timeOffset.add(peer.link.address.ip, Number(time) - seconds);
  }

  acknowledged(peer: Peer): void {
    if (peer.acknowledged) return;
    peer.acknowledged = true;
    const { peers, settings, ports } = this.#context;
    ports.observe({ kind: "peer", peer: peer.id, state: "ready", reason: undefined });
    if (Math.min(peer.version, settings.protocolVersion) < ANNOUNCEMENT_VERSION) return;
    peers.send(peer, SEND_HEADERS);
    peers.send(peer, SEND_COMPACT);
  }

  /** `sendcmpct`: only version 1 means anything. */
  wantsCompact(peer: Peer, announce: boolean, version: bigint): void {
    if (version !== COMPACT_BLOCKS_VERSION) return;
    peer.prefersCompactBlocks = announce;
    peer.toldHeaders = false;
  }
}
