import type { Satoshi } from "../../primitives/money.ts";
import type { Outpoint } from "../../primitives/outpoint.ts";
import type { Tier } from "../../primitives/tier.ts";
import type { QueuePosition } from "./queueOrder.ts";

/** The list a node is in; a node in none has no record. Source: fluxd src/fluxnode/fluxnode.h. */
export type FluxnodeStatus = "started" | "dos" | "confirmed";

/** What a START fixes for as long as the node is known. All records of one life of a node share it. */
export interface FluxnodeIdentity {
  readonly outpoint: Outpoint;
  /** By the collateral's amount in the block of the START. */
  readonly tier: Tier;
  readonly collateralAmount: Satoshi;
  /** Height of the block with the START. */
  readonly addedHeight: number;
  /** Operating key. */
  readonly pubkey: Uint8Array;
  /** Owner's key; empty for a P2SH node. */
  readonly collateralPubkey: Uint8Array;
  /** Of a version 6 P2SH node, else empty. */
  readonly redeemScript: Uint8Array;
}

/** A node as the state knows it after a block. Never changed: each change makes another. Source: fluxd FluxnodeCacheData. */
export interface FluxnodeRecord extends QueuePosition {
  readonly identity: FluxnodeIdentity;
  readonly status: FluxnodeStatus;
  /** Height of the INITIAL confirm; 0 unless confirmed, like the three below. */
  readonly confirmedHeight: number;
  /** Height of the latest confirm. */
  readonly lastConfirmedHeight: number;
  /** Height of the latest payment, 0 = never. */
  readonly lastPaidHeight: number;
  /** As the latest confirm gave it: text of no fixed encoding. */
  readonly ip: Uint8Array;
}

const NO_IP = new Uint8Array(0);

/** A node that was just STARTED. */
export const startedRecord = (identity: FluxnodeIdentity): FluxnodeRecord => ({
  outpoint: identity.outpoint,
  identity,
  status: "started",
  confirmedHeight: 0,
  lastConfirmedHeight: 0,
  lastPaidHeight: 0,
  ip: NO_IP,
});
