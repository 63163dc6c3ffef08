import type { Txid } from "../primitives/ids.ts";
import type { Transaction } from "../primitives/transaction.ts";
import { modifiedSize } from "./priority.ts";

/** A transaction in the pool, with what was found out when it entered. Source: fluxd src/txmempool.h CTxMemPoolEntry. */
export interface PoolEntry {
  readonly tx: Transaction;
  readonly txid: Txid;
  /** Of the canonical form. */
  readonly bytes: number;
  /** Satoshi; 0 for FluxNode transactions. */
  readonly fee: bigint;
  /** Of all inputs, shielded ones included, satoshi. */
  readonly valueIn: bigint;
  /** Unix seconds of entry. */
  readonly time: number;
  /** Of the tip at entry. */
  readonly height: number;
  /** At {@link height}. */
  readonly priority: number;
  /** Whether a coinbase could become too young for it in a reorganisation. */
  readonly spendsCoinbase: boolean;
  /** What its signatures commit to. */
  readonly branchId: number;
}

/**
 * Priority with the tip at `height`: what the coins have aged since entry is added, as if all had been in the chain then.
 * Source: fluxd src/txmempool.cpp CTxMemPoolEntry::GetPriority.
 */
export const currentPriority = (entry: PoolEntry, height: number): number =>
  entry.priority + ((height - entry.height) * Number(entry.valueIn)) / modifiedSize(entry.tx, entry.bytes);
