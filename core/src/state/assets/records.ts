import type { RewardParty } from "../../rules/assets/allocation.ts";
import type { ChainId } from "../../rules/assets/chains.ts";

// What the ledger of the parallel assets remembers one by one.

/** Who holds coins or entitlements: a text without "/", such as `keyHash:` and an id in hex. */
export type Owner = string;

/** A right to parallel assets that its owner must claim. */
export interface Entitlement {
  readonly owner: Owner;
  /** Native height of the reward or of the snapshot. */
  readonly height: number;
  /** Native coins that earn it, satoshi. */
  readonly native: bigint;
  /** Which chains it is for: a reward for all of them, by the party's share; an airdrop for one. */
  readonly from: { readonly party: RewardParty } | { readonly airdropOn: ChainId };
  /** Bit `c` is set once it has been claimed on chain `c`. */
  readonly claimedOn: number;
}

/** A swap: coins put away on the source until as many are let out on the target. */
export interface Lock {
  /** 32 bytes as 64 hex digits in display order: the transaction that locked, on its own chain. */
  readonly id: string;
  readonly source: ChainId;
  readonly target: ChainId;
  readonly owner: Owner;
  readonly amount: bigint;
  /** Height on the source; undefined while a reorganisation has removed the lock and left its unlock standing. */
  readonly lockedAt: number | undefined;
  /** Height on the target. */
  readonly unlockedAt: number | undefined;
  /** Height on the source. */
  readonly cancelledAt: number | undefined;
}

/** What an accepted operation did, with everything needed to take it back. Amounts are satoshi. */
export type AssetFact =
  /** Native coins were mined; `entitlement` is what they earn elsewhere, if anything. */
  | {
      readonly type: "mined";
      readonly amount: bigint;
      readonly key: string;
      readonly entitlement: Entitlement | undefined;
    }
  | {
      readonly type: "snapshot";
      readonly chain: ChainId;
      readonly height: number;
      readonly airdrops: readonly (readonly [key: string, entitlement: Entitlement])[];
    }
  | { readonly type: "released"; readonly chain: ChainId }
  | { readonly type: "reserveReleased"; readonly chain: ChainId; readonly amount: bigint }
  | { readonly type: "claimed"; readonly chain: ChainId; readonly keys: readonly string[] }
  | { readonly type: "locked"; readonly lock: Lock; readonly height: number }
  | { readonly type: "unlocked"; readonly lock: Lock; readonly height: number }
  | { readonly type: "cancelled"; readonly lock: Lock; readonly height: number };
