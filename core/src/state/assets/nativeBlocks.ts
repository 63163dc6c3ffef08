import { toDisplayHex } from "../../bytes/hex.ts";
import type { OrdinaryTransaction, TxOutput } from "../../primitives/transaction.ts";
import { NATIVE_CHAIN } from "../../rules/assets/chains.ts";
import { type FusionRejection, fusionOperation, netPayment } from "../../rules/assets/fusionRules.ts";
import { BlockDraft } from "./blocks.ts";
import { type AssetLedger, findLock, openEntitlements } from "./ledger.ts";
import type { AssetOperation, AssetRejection, NativeBalance } from "./operations.ts";

// Native blocks as the ledger reads them: what their coinbases create, and the Fusion operations of their transactions.
// They come off again by `rollback`.

/** A native transaction with the outputs that its inputs spend. */
export interface NativeTransaction {
  /** 32 bytes, wire order. */
  readonly txid: Uint8Array;
  readonly tx: OrdinaryTransaction;
  readonly spent: readonly TxOutput[];
}

/** What the ledger needs to know of a native block. */
export interface NativeBlock {
  readonly height: number;
  /** What the coinbase creates, without fees and special funding. */
  readonly rewards: readonly Extract<AssetOperation, { readonly type: "accrueReward" }>[];
  /** In the block's order; those without inputs and outputs left out. */
  readonly transactions: readonly NativeTransaction[];
}

/** What the ledger must know of the native chain to read its blocks. */
export interface NativeContext {
  readonly poolScript: Uint8Array;
  /** Scripts of the foundation and exchange funds: what leaves them is released from the reserve. */
  readonly reserveScripts: readonly Uint8Array[];
  /**
   * Balances at a height up to the block's own, of the block's own branch: each owner once, swap pool and undistributed
   * airdrops left out. Undefined if they are not kept.
   */
  readonly balancesAt: (height: number) => readonly NativeBalance[] | undefined;
}

/** Why a Fusion payload or its operation was refused. */
export type NativeRejection =
  | FusionRejection
  | AssetRejection
  /** A release whose snapshot nobody can make any more. */
  | { readonly reason: "balancesUnknown"; readonly height: number };

/** What the ledger made of one transaction, or of one reward of the coinbase. */
export type NativeOutcome =
  | {
      readonly txid: Uint8Array;
      readonly status: "applied";
      /** They belong together: all were applied. */
      readonly operations: readonly AssetOperation[];
    }
  | {
      /** Undefined for a reward. */
      readonly txid: Uint8Array | undefined;
      readonly status: "rejected";
      readonly rejection: NativeRejection;
      /** What the swap pool gained (negative: lost) all the same, satoshi. The ledger does not count it. */
      readonly toPool: bigint;
    };

/** Adds a native block above the native tip. Nothing in it can fail: what is not applied is listed with its reason. */
export function applyNativeBlock(
  ledger: AssetLedger,
  { height, rewards, transactions }: NativeBlock,
  context: NativeContext,
): { readonly ledger: AssetLedger; readonly outcomes: readonly NativeOutcome[] } {
  const draft = new BlockDraft(ledger, NATIVE_CHAIN, height);
  const outcomes: NativeOutcome[] = [];
  const settle = (read: Read, txid: Uint8Array | undefined, toPool: bigint): void => {
    const rejection = "reason" in read ? read : draft.apply(...read);
    if (rejection !== undefined) outcomes.push({ txid, status: "rejected", rejection, toPool });
    else if (txid !== undefined && !("reason" in read))
      outcomes.push({ txid, status: "applied", operations: read });
  };
  for (const reward of rewards) settle([reward], undefined, 0n);
  for (const transaction of transactions) {
    const { txid, tx, spent } = transaction;
    const released = reserveReleases(tx, spent, context.reserveScripts);
    if (released !== undefined) settle(released, txid, 0n);
    const fusion = fusionOperations(draft, transaction, context);
    if (fusion !== undefined) settle(fusion, txid, netPayment(tx, spent, context.poolScript));
  }
  return { ledger: draft.finish(), outcomes };
}

/** What was read from a transaction: operations that belong together, or why there are none. */
type Read = readonly AssetOperation[] | NativeRejection;

function reserveReleases(
  tx: OrdinaryTransaction,
  spent: readonly TxOutput[],
  scripts: readonly Uint8Array[],
): readonly AssetOperation[] | undefined {
  const amount = scripts.reduce((sum, script) => sum - netPayment(tx, spent, script), 0n);
  return amount > 0n ? [{ type: "releaseReserve", chain: NATIVE_CHAIN, amount }] : undefined;
}

/** The Fusion operation of a transaction in the ledger's terms; undefined if it carries none. */
function fusionOperations(
  { ledger, height: tip }: BlockDraft,
  { txid, tx, spent }: NativeTransaction,
  { poolScript, balancesAt }: NativeContext,
): Read | undefined {
  const fusion = fusionOperation(tx, spent, poolScript);
  if (fusion === undefined || "reason" in fusion) return fusion;
  switch (fusion.type) {
    case "lock": {
      const { target, owner, amount } = fusion;
      return [{ type: "lock", id: toDisplayHex(txid), source: NATIVE_CHAIN, target, owner, amount }];
    }
    case "unlock":
      return payOut(ledger, {
        type: "unlock",
        source: fusion.source,
        id: toDisplayHex(fusion.lockId),
        paid: fusion.amount,
      });
    case "cancel":
      return payOut(ledger, {
        type: "cancel",
        source: NATIVE_CHAIN,
        id: toDisplayHex(fusion.lockTxid),
        paid: fusion.amount,
      });
    case "claim": {
      const { chain, firstHeight, lastHeight, owners } = fusion;
      const claims = owners.flatMap((owner): AssetOperation[] => {
        const entitlements = openEntitlements(ledger, owner, chain, firstHeight, lastHeight);
        return entitlements.length === 0 ? [] : [{ type: "claim", chain, owner, entitlements }];
      });
      return claims.length === 0 ? { reason: "nothingToClaim" } : claims;
    }
    case "release": {
      const { chain, snapshotHeight: height } = fusion;
      const balances = height <= tip ? balancesAt(height) : [];
      if (balances === undefined) return { reason: "balancesUnknown", height };
      return [
        { type: "snapshot", chain, height, balances },
        { type: "releaseChain", chain },
      ];
    }
  }
}

/** The pool must pay the lock's amount to the satoshi. Locks that are not known are left for the ledger to reject. */
function payOut(
  ledger: AssetLedger,
  {
    paid,
    ...operation
  }: Extract<AssetOperation, { readonly type: "unlock" | "cancel" }> & {
    readonly paid: bigint;
  },
): readonly AssetOperation[] | FusionRejection {
  const lock = findLock(ledger, operation.source, operation.id);
  if (lock !== undefined && lock.amount !== paid)
    return { reason: "wrongOutflow", expected: lock.amount, found: paid };
  return [operation];
}
