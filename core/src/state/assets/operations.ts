import type { RewardParty } from "../../rules/assets/allocation.ts";
import type { ChainId } from "../../rules/assets/chains.ts";
import type { Owner } from "./records.ts";

/** What an address holds on the native chain at a height. */
export interface NativeBalance {
  readonly owner: Owner;
  readonly amount: bigint;
}

/**
 * The operations of spec 05 §5. Amounts are satoshi. Each stands in a block of one chain: snapshots, rewards, releases and
 * claims on the native chain, locks and cancellations on the source, unlocks on the target.
 */
export type AssetOperation =
  /**
   * The airdrop on `chain` to everyone who held coins at native `height`: collateral included, swap pool and undistributed
   * airdrops left out, each owner once.
   */
  | {
      readonly type: "snapshot";
      readonly chain: ChainId;
      readonly height: number;
      readonly balances: readonly NativeBalance[];
    }
  /** Native coins that a coinbase created. Fees are not among them. What the dev fund and the premine get earns nothing. */
  | {
      readonly type: "accrueReward";
      readonly payee: Owner;
      readonly amount: bigint;
      readonly role: RewardParty | "none";
    }
  /** Opens claims on `chain` and swaps from and to it. */
  | { readonly type: "releaseChain"; readonly chain: ChainId }
  /** Foundation or exchange airdrops leave their funds. */
  | { readonly type: "releaseReserve"; readonly chain: ChainId; readonly amount: bigint }
  /** All of `entitlements`, keys of the ledger, or none. */
  | {
      readonly type: "claim";
      readonly chain: ChainId;
      readonly owner: Owner;
      readonly entitlements: readonly string[];
    }
  /** `id`: 64 hex digits, display order. */
  | {
      readonly type: "lock";
      readonly id: string;
      readonly source: ChainId;
      readonly target: ChainId;
      readonly owner: Owner;
      readonly amount: bigint;
    }
  | { readonly type: "unlock"; readonly source: ChainId; readonly id: string }
  | { readonly type: "cancel"; readonly source: ChainId; readonly id: string };

/** Why the ledger ignores an operation. The block that carries it stays valid. */
export type AssetRejection =
  | { readonly reason: "unknownChain"; readonly chain: ChainId }
  /** It stands in a block of a chain that it is no business of. */
  | { readonly reason: "wrongChain"; readonly expected: ChainId; readonly found: ChainId }
  | { readonly reason: "badAmount"; readonly amount: bigint }
  | { readonly reason: "notReleased"; readonly chain: ChainId }
  | { readonly reason: "alreadyReleased"; readonly chain: ChainId }
  | { readonly reason: "snapshotTaken"; readonly chain: ChainId; readonly height: number }
  /** Of a height that the native chain has not reached. */
  | { readonly reason: "snapshotAhead"; readonly height: number; readonly tip: number }
  /** More than the chain has left of what it takes from. */
  | {
      readonly reason: "unemittedExhausted" | "reserveExhausted" | "circulatingExhausted" | "poolDry";
      readonly chain: ChainId;
      readonly needed: bigint;
      readonly left: bigint;
    }
  | { readonly reason: "nothingToClaim" }
  | { readonly reason: "unknownEntitlement" | "alreadyClaimed"; readonly entitlement: string }
  | { readonly reason: "notTheOwner"; readonly entitlement: string; readonly owner: Owner }
  | { readonly reason: "sameChain"; readonly chain: ChainId }
  | { readonly reason: "lockIdTaken"; readonly id: string }
  | { readonly reason: "unknownLock" | "alreadyUnlocked" | "lockCancelled"; readonly id: string }
  | { readonly reason: "tooFewConfirmations"; readonly have: number; readonly needed: number }
  /** Cancelled before its time. */
  | { readonly reason: "tooEarly"; readonly height: number; readonly due: number };
