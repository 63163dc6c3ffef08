import type { Message } from "./messages.ts";
import { type NodeContext, SECOND } from "./nodeContext.ts";
import type { Peer } from "./peer.ts";

/** Source: fluxd src/net.h PING_INTERVAL. */
const PING_INTERVAL = 120 * SECOND;
/** Silence that ends a connection. Source: fluxd src/net.h TIMEOUT_INTERVAL. */
const TIMEOUT = 360 * SECOND;
/** For the first words. */
const GREETING_TIME = 60 * SECOND;
/** From this version on pings have a nonce, and answers. Source: fluxd src/version.h BIP0031_VERSION. */
const PONG_VERSION = 60_001;
/** After which a height that does not change makes us doubt our peers. Source: fluxd src/net.cpp CheckStaleTip. */
const STALE_TIP = 180 * SECOND;
const PROBE_INTERVAL = 60 * SECOND;
const PROBE_TIME = 30 * SECOND;

/** Notices connections that died in silence. Source: fluxd src/net.cpp ThreadSocketHandler, src/main.cpp SendMessages. */
export class KeepAlive {
  readonly #context: NodeContext;
  #tipChangedAt: number;
  #probedAt: number;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#tipChangedAt = context.ports.now();
    this.#probedAt = 0;
  }

  get #on(): boolean {
    return this.#context.keepAlive;
  }

  connected(peer: Peer): void {
    if (this.#on) this.#context.wakeBy(peer.connectedAt + GREETING_TIME);
  }

  /** The first ping goes out as soon as a peer has introduced itself. */
  introduced(peer: Peer): void {
    if (!this.#on) return;
    this.#ping(peer);
    this.#context.wakeBy(peer.pingSentAt + PING_INTERVAL);
  }

  /** By hand: those that are not waiting for an answer. */
  pingAll(): void {
    for (const peer of this.#context.peers.all)
      if (peer.introduced && peer.pingNonce === 0n) this.#ping(peer);
  }

  /** Microseconds since the ping that a peer has not answered; undefined if there is none. */
  pingWait({ pingNonce, pingSentAt }: Readonly<Peer>): number | undefined {
    return pingNonce === 0n ? undefined : this.#context.ports.now() - pingSentAt;
  }

  #ping(peer: Peer): void {
    const { ports, peers } = this.#context;
    const answers = peer.version >= PONG_VERSION;
    const nonce = (BigInt(ports.bits32()) << 32n) | BigInt((ports.bits32() | 1) >>> 0);
    peer.pingNonce = answers ? nonce : 0n;
    peer.pingSentAt = ports.now();
    peers.send(peer, { command: "ping", nonce: answers ? nonce : undefined });
  }

  /** Only if connections are kept alive. */
  heard(peer: Peer): void {
    peer.lastReceived = this.#context.ports.now();
  }

  pinged(peer: Peer, nonce: bigint | undefined): void {
    if (nonce === undefined || peer.version < PONG_VERSION) return;
    const pong: Message = { command: "pong", nonce };
    this.#context.peers.send(peer, pong);
  }

  /** A wrong answer is none, unless it says that the other side has lost count. */
  ponged(peer: Peer, nonce: bigint | undefined): void {
    if (peer.pingNonce === 0n) return;
    if (nonce !== undefined && nonce !== 0n && nonce !== peer.pingNonce) return;
    if (nonce === peer.pingNonce) {
      peer.minPing = Math.min(peer.minPing, this.#context.ports.now() - peer.pingSentAt);
    }
    peer.pingNonce = 0n;
    peer.probedAt = 0;
  }

  /** Only if connections are kept alive. */
  tipChanged(): void {
    this.#tipChangedAt = this.#context.ports.now();
  }

  tick(now: number): void {
    if (!this.#on) return;
    const { peers } = this.#context;
    if (now - this.#tipChangedAt > STALE_TIP && now - this.#probedAt >= PROBE_INTERVAL) this.#probe(now);
    for (const peer of peers.all) {
      if (peer.closing) continue;
      const silence = silenceOf(peer, now);
      if (silence !== undefined) peers.drop(peer, silence);
      else if (peer.introduced && peer.pingNonce === 0n && now - peer.pingSentAt >= PING_INTERVAL)
        this.#ping(peer);
      if (!peer.closing) this.#context.wakeBy(Math.max(now + SECOND, nextLook(peer)));
    }
    if (peers.all.length > 0) {
      this.#context.wakeBy(
        Math.max(this.#tipChangedAt + STALE_TIP, this.#probedAt + PROBE_INTERVAL) + SECOND,
      );
    }
  }

  #probe(now: number): void {
    this.#probedAt = now;
    for (const peer of this.#context.peers.all) {
      if (!peer.introduced || !peer.outbound || peer.link.purpose === "oneShot" || peer.closing) continue;
      if (peer.probedAt !== 0) continue;
      if (peer.pingNonce === 0n) this.#ping(peer);
      peer.probedAt = now;
    }
  }
}

function silenceOf(peer: Peer, now: number): string | undefined {
  if (now - peer.connectedAt > GREETING_TIME && (peer.lastReceived === 0 || peer.lastSent === 0)) {
    return "said nothing in the first minute";
  }
  if (peer.lastReceived !== 0 && now - peer.lastReceived > TIMEOUT) return "silent for six minutes";
  if (peer.lastSent !== 0 && now - peer.lastSent > TIMEOUT) return "nothing was sent for six minutes";
  if (peer.pingNonce !== 0n && now - peer.pingSentAt > TIMEOUT) return "did not answer a ping";
  if (peer.probedAt !== 0 && now - peer.probedAt > PROBE_TIME) return "did not answer a probe";
  return undefined;
}

/** When the peer may have to be pinged or dropped. */
function nextLook(peer: Peer): number {
  if (!peer.introduced) return peer.connectedAt + GREETING_TIME + SECOND;
  const ping = peer.pingNonce === 0n ? peer.pingSentAt + PING_INTERVAL : peer.pingSentAt + TIMEOUT + SECOND;
  return peer.probedAt === 0 ? ping : Math.min(ping, peer.probedAt + PROBE_TIME + SECOND);
}
