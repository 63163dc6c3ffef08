import type { FluxnodeTransaction } from "./fluxnodeTx.ts";
import { isNullOutpoint, type Outpoint } from "./outpoint.ts";
import type { ShieldedPart } from "./shielded.ts";

// Transactions as values. All fields are those of the wire; amounts are what the sender claims until a rule has looked.
// Source: fluxd src/primitives/transaction.h.

/** Spends an output. */
export interface TxInput {
  readonly prevout: Outpoint;
  readonly scriptSig: Uint8Array;
  /** u32 */
  readonly sequence: number;
}

/** Value, and the script that locks it. */
export interface TxOutput {
  /** Satoshi as claimed: any i64 until checked. */
  readonly value: bigint;
  readonly scriptPubKey: Uint8Array;
}

/** A transaction with inputs and outputs, of any version but 5 and 6. */
export interface OrdinaryTransaction {
  readonly kind: "ordinary";
  /** Bit 31 of the first word: Overwinter and Sapling formats. */
  readonly overwintered: boolean;
  /** 0 .. 2^31 - 1 */
  readonly version: number;
  /** u32; 0 unless overwintered. */
  readonly versionGroupId: number;
  readonly inputs: readonly TxInput[];
  readonly outputs: readonly TxOutput[];
  /** u32: a height below 500,000,000, a Unix time from there on. */
  readonly lockTime: number;
  /** Last height that may contain it; 0 = none, and where the format has no such field. */
  readonly expiryHeight: number;
  readonly shielded: ShieldedPart;
}

/** A transaction of any version. */
export type Transaction = OrdinaryTransaction | FluxnodeTransaction;

/** Lock times below are heights, from here on Unix seconds. Source: fluxd src/script/script.h LOCKTIME_THRESHOLD. */
export const LOCK_TIME_THRESHOLD = 500_000_000;

/** Sequence of an input that does not care about the lock time. */
export const FINAL_SEQUENCE = 0xffff_ffff;

/** Version and version group id of the two overwintered forms. Source: fluxd src/primitives/transaction.h. */
export const OVERWINTER_VERSION = 3;
/** Version group of Overwinter transactions. */
export const OVERWINTER_GROUP_ID = 0x03c4_8270;
/** Version of Sapling transactions. */
export const SAPLING_VERSION = 4;
/** Version group of Sapling transactions. */
export const SAPLING_GROUP_ID = 0x892f_2085;

/** Whether `tx` names both the version and the group of the Sapling form. */
export const isSaplingFormat = (tx: OrdinaryTransaction): boolean =>
  tx.overwintered && tx.version === SAPLING_VERSION && tx.versionGroupId === SAPLING_GROUP_ID;

/** Whether joinsplits of `tx` carry Groth16 proofs (else PHGR13). Source: fluxd src/primitives/transaction.h. */
export const usesGroth16 = (overwintered: boolean, version: number): boolean =>
  overwintered && version >= SAPLING_VERSION;

/** Exactly one input, and it spends nothing. Source: fluxd src/primitives/transaction.h IsCoinBase. */
export const isCoinbase = (tx: Transaction): boolean =>
  tx.kind === "ordinary" && tx.inputs.length === 1 && isNullOutpoint(tx.inputs[0]!.prevout);
