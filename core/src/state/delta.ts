import type { Satoshi } from "../primitives/money.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import type { SproutTree } from "../primitives/sproutTree.ts";
import type { Tier } from "../primitives/tier.ts";
import type { Coin } from "../rules/coin.ts";
import type { FluxnodeRecord } from "../rules/fluxnode/record.ts";
import type { Supply } from "./stateView.ts";

/** A coin with its name. */
export interface NamedCoin {
  readonly outpoint: Outpoint;
  readonly coin: Coin;
}

/** One thing as it was before a block and as it is after it. */
export interface Change<T> {
  readonly outpoint: Outpoint;
  readonly before: T;
  readonly after: T;
}

/** A tier's payment that was due and made. */
export interface Payment {
  readonly tier: Tier;
  readonly outpoint: Outpoint;
  readonly amount: Satoshi;
  /** The script it was paid to. */
  readonly scriptPubKey: Uint8Array;
}

/**
 * What one block did to the state: whole values from before and after, so that going back needs nothing else. Nothing in it
 * changes, and any number of views share it. Maps are keyed by outpointKey, nullifiers by hashKey. fluxd stores part of this as
 * undo records and works out the rest when it disconnects, which can go wrong (03 section 6.6 of the protocol description).
 */
export interface StateDelta {
  /** Of the block. */
  readonly height: number;
  readonly blockHash: Uint8Array;
  readonly parentHash: Uint8Array;
  /** Coins that exist after the block and not before; what the block made and spent itself is in neither map. */
  readonly created: ReadonlyMap<string, NamedCoin>;
  /** Coins that exist before the block and not after. */
  readonly spent: ReadonlyMap<string, NamedCoin>;
  /** undefined: in none of the lists. */
  readonly fluxnodes: ReadonlyMap<string, Change<FluxnodeRecord | undefined>>;
  /** Empty: none stored. */
  readonly delegates: ReadonlyMap<string, Change<readonly Uint8Array[]>>;
  readonly payments: readonly Payment[];
  readonly nullifiers: ReadonlyMap<string, Uint8Array>;
  /** The same object twice if the block has no joinsplits. */
  readonly sproutTree: { readonly before: SproutTree; readonly after: SproutTree };
  /** What was added to each part of the supply; negative if taken away. */
  readonly supplyChange: Supply;
}
