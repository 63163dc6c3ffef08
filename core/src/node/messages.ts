import type { Block } from "../primitives/block.ts";
import type { BlockHeader, PonHeader, PowHeader } from "../primitives/header.ts";
import type { BlockHash, Txid } from "../primitives/ids.ts";
import type { Transaction } from "../primitives/transaction.ts";

// What nodes say to each other, decoded. Hosts hand them over as they are or through bytes; nodes cannot tell which.
// A message is never changed once it was sent: the simulator gives one object to many nodes.
// Source: fluxd src/protocol.h, src/main.cpp ProcessMessage.

/** What an inventory item names. 4 to 10 are older names without a meaning today. */
export const INV_TX = 1;
export const INV_BLOCK = 2;
export const INV_FILTERED_BLOCK = 3;
/** BIP 152 has 4 here. */
export const INV_COMPACT_BLOCK = 11;

/** Names a transaction or a block; 32 bytes in wire order. */
export interface InventoryItem {
  readonly type: number;
  readonly hash: Uint8Array;
}

/** Where a node listens. */
export interface NetworkAddress {
  readonly services: bigint;
  /** 16 bytes; IPv4 is mapped into IPv6. */
  readonly ip: Uint8Array;
  readonly port: number;
}

/** An address somebody saw at work, in Unix seconds. */
export interface TimedAddress extends NetworkAddress {
  readonly time: number;
}

/** The first thing either side says. Fields after `receiver` may be missing on the wire; then these hold what fluxd assumes. */
export interface VersionMessage {
  readonly command: "version";
  readonly version: number;
  readonly services: bigint;
  /** Unix seconds. */
  readonly time: bigint;
  readonly receiver: NetworkAddress;
  readonly sender: NetworkAddress;
  readonly nonce: bigint;
  readonly userAgent: string;
  /** Of the active chain; -1 if not said. */
  readonly startHeight: number;
  /** Whether transactions shall be announced from the start. */
  readonly relay: boolean;
}

/** A header without its solution; the block hash stands in for it, and nobody has checked that. */
export type CompactHeader =
  | (Omit<PowHeader, "solution"> & { readonly hash: BlockHash })
  | (PonHeader & { readonly hash: BlockHash });

/** Hashes from a block back to genesis, ever further apart. */
export interface Locator {
  readonly version: number;
  readonly hashes: readonly BlockHash[];
}

interface LocatedRequest {
  readonly locator: Locator;
  /** 32 zero bytes: no end. */
  readonly stop: Uint8Array;
}

/** A transaction that goes with a compact block because the other side cannot know it. */
export interface PrefilledTx {
  /** Position in the block. */
  readonly index: number;
  readonly tx: Transaction;
}

/** Everything fluxd 9 sends or understands. */
export type Message =
  | VersionMessage
  | { readonly command: "verack" | "sendheaders" | "getaddr" | "mempool" | "filterclear" }
  | { readonly command: "sendcmpct"; readonly announce: boolean; readonly version: bigint }
  | { readonly command: "addr"; readonly addresses: readonly TimedAddress[] }
  | { readonly command: "inv" | "getdata" | "notfound"; readonly items: readonly InventoryItem[] }
  | ({ readonly command: "getblocks" | "getheaders" } & LocatedRequest)
  | { readonly command: "headers"; readonly headers: readonly BlockHeader[] }
  | { readonly command: "cmpheaders"; readonly headers: readonly CompactHeader[] }
  | { readonly command: "tx"; readonly tx: Transaction }
  | { readonly command: "block"; readonly block: Block }
  | {
      readonly command: "merkleblock";
      readonly header: BlockHeader;
      readonly transactions: number;
      readonly hashes: readonly Uint8Array[];
      readonly flags: Uint8Array;
    }
  | {
      readonly command: "cmpctblock";
      readonly header: BlockHeader;
      readonly nonce: bigint;
      /** 48 bits each. */
      readonly shortIds: readonly number[];
      readonly prefilled: readonly PrefilledTx[];
    }
  | { readonly command: "getblocktxn"; readonly block: BlockHash; readonly indexes: readonly number[] }
  | { readonly command: "blocktxn"; readonly block: BlockHash; readonly transactions: readonly Transaction[] }
  /** `nonce` is missing in peers of versions up to 60000. */
  | { readonly command: "ping" | "pong"; readonly nonce: bigint | undefined }
  | { readonly command: "alert"; readonly message: Uint8Array; readonly signature: Uint8Array }
  | {
      readonly command: "filterload";
      readonly data: Uint8Array;
      readonly functions: number;
      readonly tweak: number;
      readonly flags: number;
    }
  | { readonly command: "filteradd"; readonly data: Uint8Array }
  | {
      readonly command: "reject";
      readonly message: string;
      readonly code: number;
      readonly reason: string;
      /** Of the block or transaction that was refused. */
      readonly hash: BlockHash | Txid | undefined;
    };

/** The command that opens a message on the wire. */
export type Command = Message["command"];
