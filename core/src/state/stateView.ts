import type { Outpoint } from "../primitives/outpoint.ts";
import type { SproutTree } from "../primitives/sproutTree.ts";
import type { Tier } from "../primitives/tier.ts";
import type { Coin } from "../rules/coin.ts";
import type { FluxnodeRecord } from "../rules/fluxnode/record.ts";

/** Satoshi by where they are. Coins nobody can spend are in neither. */
export interface Supply {
  /** The sum of all coins. */
  readonly transparent: bigint;
  /**
   * What entered the Sprout pool less what left it. Negative where forged PHGR13 proofs took out more, which fluxd lets them:
   * it accepts such proofs unseen and does not enforce its turnstile.
   */
  readonly sprout: bigint;
}

/** The state after one block, as the next block's rules ask for it. */
export interface StateView {
  /** Of the block; -1 before genesis. */
  readonly height: number;
  /** Hash of the block, wire order; zero before genesis. */
  readonly blockHash: Uint8Array;
  readonly supply: Supply;

  /** The unspent output of that name. */
  coin(outpoint: Outpoint): Coin | undefined;
  /** How many outputs of a transaction are unspent. */
  unspentOutputs(txid: Uint8Array): number;

  /** The record of the node with that collateral, in whatever list it is. */
  fluxnode(outpoint: Outpoint): FluxnodeRecord | undefined;
  /** Keys that may START the node for its owner; empty if none are stored. Outlives the node's record. */
  delegates(outpoint: Outpoint): readonly Uint8Array[];
  /** The payee of the tier's next block. */
  queueHead(tier: Tier): FluxnodeRecord | undefined;
  /** Nodes STARTED in block `height` and not confirmed yet, in no particular order. */
  startedAt(height: number): Iterable<FluxnodeRecord>;
  /** Nodes in the DoS list whose START is in block `height` or before, in no particular order. */
  dosAddedUpTo(height: number): Iterable<FluxnodeRecord>;
  /** Confirmed nodes whose latest confirm is in block `height` or before, in no particular order. */
  confirmedUpTo(height: number): Iterable<FluxnodeRecord>;

  /** Whether a block revealed the nullifier before. */
  sproutNullifierSpent(nullifier: Uint8Array): boolean;
  /** The tree of all Sprout notes. */
  readonly sproutTree: SproutTree;
  /** The Sprout tree after some block, by its root. */
  sproutTreeAt(root: Uint8Array): SproutTree | undefined;
}

/** Everything that a state is, to be copied. */
export type StateImage = Pick<StateView, "height" | "blockHash" | "supply" | "sproutTree" | "sproutTreeAt"> &
  Pick<StateContents, "coins" | "fluxnodes" | "allDelegates" | "sproutNullifiers" | "sproutAnchors">;

/** A state that can be gone through from end to end, which rules never do. No order is promised but of queues. */
export interface StateContents extends StateView {
  /** Every unspent output, in no particular order. */
  coins(): Iterable<readonly [Outpoint, Coin]>;
  /** Every node of every list, in no particular order. */
  fluxnodes(): Iterable<FluxnodeRecord>;
  /** Confirmed nodes of a tier in the order they are paid. */
  queue(tier: Tier): Iterable<FluxnodeRecord>;
  /** Every stored list of delegates with its collateral. */
  allDelegates(): Iterable<readonly [Outpoint, readonly Uint8Array[]]>;
  /** Every nullifier revealed so far. */
  sproutNullifiers(): Iterable<Uint8Array>;
  /** Roots that {@link StateView.sproutTreeAt} knows. */
  sproutAnchors(): Iterable<Uint8Array>;
}
