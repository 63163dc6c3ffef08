import type { Command, Message, NetworkAddress } from "./messages.ts";
import type { Observation, PeerId } from "./observation.ts";

export type { PeerId } from "./observation.ts";

// What a node needs of the world, and nothing more. Calls return at once and never call back into the node: the simulator
// answers with events, the live host with sockets and timers.

/** How a connection came about, and what the host promises about it. */
export interface PeerLink {
  readonly direction: "inbound" | "outbound";
  readonly address: NetworkAddress;
  /** On a whitelist: limits and bans do not apply. */
  readonly whitelisted: boolean;
  /** Opened to ask for addresses, or to see whether somebody is there; closed after that. */
  readonly purpose: "ordinary" | "oneShot" | "feeler";
}

/** Something that arrived but was no message: what fluxd's framing and decoding do about it has no other place. */
export interface Unreadable {
  readonly command: Command | string;
  /** The transaction format is one nobody knows, which costs the sender a ban. */
  readonly unknownTransactionFormat: boolean;
}

/** The world of one node. */
export interface NodePorts {
  /**
   * Unix time in whole microseconds, right or wrong: what the node waits by. It goes on while {@link seconds} stands still, or
   * nothing would be announced or given up. Source: fluxd src/utiltime.cpp GetTimeMicros.
   */
  now(): number;
  /** This node's clock, right or wrong: Unix time in whole seconds. A laboratory may stop it. Source: fluxd src/utiltime.cpp GetTime. */
  seconds(): number;
  /** 32 random bits. */
  bits32(): number;
  /** Queues a message; the host drops it if the connection is gone. */
  send(peer: PeerId, message: Message): void;
  /**
   * Sends a message to the first `count` of `peers`, in their order, as {@link send} would to one after the other: for hosts that do
   * that faster at once. The list is the caller's and is not kept.
   */
  sendToAll?(peers: readonly PeerId[], count: number, message: Message): void;
  /** Bytes queued and not yet gone out to a peer. */
  sendQueueBytes(peer: PeerId): number;
  /** Closes a connection. The node hears nothing more from it, not even that it is closed. */
  disconnect(peer: PeerId): void;
  /** Refuses this address for so many seconds, from both sides; the host forgets it when it ends. */
  ban(address: NetworkAddress, seconds: number): void;
  /** Starts to open a connection; `connected` follows, or `connectFailed`. */
  connect(address: NetworkAddress, purpose: PeerLink["purpose"]): void;
  /** Asks to be woken at this time of {@link now}, once; a later call replaces an earlier one. */
  wakeAt(time: number): void;
  /** For those who watch: checkers, recorders, logs. Nothing a node does depends on it. */
  observe(observation: Observation): void;
}
