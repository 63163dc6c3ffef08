// Parts of a transaction that belong to the Sprout and Sapling pools. No proof is verified here, so a part is kept as the
// bytes it is on the wire, and the few fields that rules look at are read out of it by name.
// Source: fluxd src/primitives/transaction.h SpendDescription, OutputDescription, JSDescription.

declare const part: unique symbol;

/** 384 bytes: cv 32, anchor 32, nullifier 32, rk 32, proof 192, spendAuthSig 64. */
export type ShieldedSpend = Uint8Array & { readonly [part]: "spend" };

/** 948 bytes: cv 32, cm 32, ephemeralKey 32, encCiphertext 580, outCiphertext 80, proof 192. */
export type ShieldedOutput = Uint8Array & { readonly [part]: "output" };

/**
 * vpubOld 8, vpubNew 8, anchor 32, nullifiers 2 x 32, commitments 2 x 32, ephemeralKey 32, randomSeed 32, macs 2 x 32, proof
 * (296 PHGR13 or 192 Groth16), ciphertexts 2 x 601: 1,802 or 1,698 bytes.
 */
export type JoinSplit = Uint8Array & { readonly [part]: "joinSplit" };

/** Sizes on the wire. */
export const SHIELDED_SPEND_BYTES = 384;
/** Size of a {@link ShieldedOutput}. */
export const SHIELDED_OUTPUT_BYTES = 948;
/** Size of a joinsplit whose proof is PHGR13. */
export const PHGR13_JOIN_SPLIT_BYTES = 1_802;
/** Size of a joinsplit whose proof is Groth16. */
export const GROTH16_JOIN_SPLIT_BYTES = 1_698;

/** Bytes of a spend that its own signature covers: all but spendAuthSig. */
export const SHIELDED_SPEND_SIGNED_BYTES = 320;

/** Where the proof of a joinsplit begins, in both forms. */
export const JOIN_SPLIT_PROOF_OFFSET = 304;

/** Everything shielded in one transaction. */
export interface ShieldedPart {
  /** Sapling value in minus value out, i64: positive adds to the transparent side. 0 where the format has no such field. */
  readonly valueBalance: bigint;
  readonly spends: readonly ShieldedSpend[];
  readonly outputs: readonly ShieldedOutput[];
  readonly joinSplits: readonly JoinSplit[];
  /** Ed25519 key, 32 bytes; empty if there are no joinsplits. */
  readonly joinSplitPubKey: Uint8Array;
  /** Ed25519 signature, 64 bytes; empty if there are no joinsplits. */
  readonly joinSplitSig: Uint8Array;
  /** 64 bytes; empty if there are neither spends nor outputs. */
  readonly bindingSig: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/** The shielded part of a transaction that has none: one object for all of them. */
export const NOTHING_SHIELDED: ShieldedPart = {
  valueBalance: 0n,
  spends: [],
  outputs: [],
  joinSplits: [],
  joinSplitPubKey: NO_BYTES,
  joinSplitSig: NO_BYTES,
  bindingSig: NO_BYTES,
};

/** Fields of 32 bytes, as views. */
export const spendAnchor = (spend: ShieldedSpend): Uint8Array => spend.subarray(32, 64);
/** The note it spends, 32 bytes. */
export const spendNullifier = (spend: ShieldedSpend): Uint8Array => spend.subarray(64, 96);
/** The note it makes, 32 bytes. */
export const outputCommitment = (output: ShieldedOutput): Uint8Array => output.subarray(32, 64);

const i64At = (bytes: Uint8Array, offset: number): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigInt64(offset, true);

/** Transparent value that enters the Sprout pool, satoshi as claimed: any i64. */
export const joinSplitVpubOld = (joinSplit: JoinSplit): bigint => i64At(joinSplit, 0);
/** Value that leaves the Sprout pool, satoshi as claimed: any i64. */
export const joinSplitVpubNew = (joinSplit: JoinSplit): bigint => i64At(joinSplit, 8);
/** Root of the Sprout note tree that the proof is about, 32 bytes. */
export const joinSplitAnchor = (joinSplit: JoinSplit): Uint8Array => joinSplit.subarray(16, 48);
/** The two notes it spends, 32 bytes each. */
export const joinSplitNullifiers = (joinSplit: JoinSplit): readonly [Uint8Array, Uint8Array] => [
  joinSplit.subarray(48, 80),
  joinSplit.subarray(80, 112),
];
/** The two notes it makes, 32 bytes each. */
export const joinSplitCommitments = (joinSplit: JoinSplit): readonly [Uint8Array, Uint8Array] => [
  joinSplit.subarray(112, 144),
  joinSplit.subarray(144, 176),
];
/** Input of h_sig, with the nullifiers and the transaction's joinSplitPubKey. */
export const joinSplitRandomSeed = (joinSplit: JoinSplit): Uint8Array => joinSplit.subarray(208, 240);
