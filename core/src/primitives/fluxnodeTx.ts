import { NULL_OUTPOINT, type Outpoint } from "./outpoint.ts";

// The two kinds of FluxNode transaction. They spend nothing and create nothing; their ids leave the signatures out.
// Source: fluxd src/primitives/transaction.h.

/** nType on the wire, i8. */
export const FLUXNODE_START = 2;
/** nType of a CONFIRM, i8. */
export const FLUXNODE_CONFIRM = 4;

/** nUpdateType on the wire, i8. */
export const INITIAL_CONFIRM = 0;
/** nUpdateType of every later CONFIRM of a node, i8. */
export const UPDATE_CONFIRM = 1;

/** Versions that make a transaction one of FluxNodes. */
export type FluxnodeVersion = 5 | 6;

/** Announces a node: its collateral and the key it will operate under. */
export interface FluxnodeStart {
  readonly kind: "fluxnodeStart";
  readonly version: FluxnodeVersion;
  /** i32, bits of {@link fluxTxFlags}; 0 in version 5, which has no such field. */
  readonly fluxTxVersion: number;
  /** Null outpoint if version 6 names neither layout. */
  readonly collateral: Outpoint;
  /** SEC form, 33 or 65 bytes; empty if invalid or absent (P2SH layout). */
  readonly collateralPubkey: Uint8Array;
  /** The operating key, likewise. */
  readonly pubkey: Uint8Array;
  /** Of the collateral's P2SH output; empty in the other layouts. */
  readonly redeemScript: Uint8Array;
  /** Unix seconds, u32. */
  readonly sigTime: number;
  readonly sig: Uint8Array;
  /** Present exactly if {@link fluxTxFlags} says so. */
  readonly delegates: Delegates | undefined;
}

/** Says that a node runs, with the verdict of the benchmark program. */
export interface FluxnodeConfirm {
  readonly kind: "fluxnodeConfirm";
  readonly version: FluxnodeVersion;
  readonly collateral: Outpoint;
  /** Unix seconds, u32. */
  readonly sigTime: number;
  /** Tier code, i8. */
  readonly benchmarkTier: number;
  /** Unix seconds, u32. */
  readonly benchmarkSigTime: number;
  /** {@link INITIAL_CONFIRM} or {@link UPDATE_CONFIRM} if valid, i8. */
  readonly updateType: number;
  /** Text of no fixed encoding, kept as bytes. */
  readonly ip: Uint8Array;
  readonly sig: Uint8Array;
  readonly benchmarkSig: Uint8Array;
}

/** Any other nType: nothing follows it on the wire, and it is never valid. */
export interface FluxnodeUnknown {
  readonly kind: "fluxnodeUnknown";
  readonly version: FluxnodeVersion;
  /** i8 */
  readonly type: number;
}

/** A transaction of version 5 or 6. */
export type FluxnodeTransaction = FluxnodeStart | FluxnodeConfirm | FluxnodeUnknown;

/** The node a transaction is about; null where the format names none. */
export const collateralOf = (tx: FluxnodeTransaction): Outpoint =>
  tx.kind === "fluxnodeUnknown" ? NULL_OUTPOINT : tx.collateral;

/** Keys that may START a node on its owner's behalf. Source: fluxd src/primitives/transaction.h CFluxnodeDelegates. */
export interface Delegates {
  readonly using: boolean;
  /** i8; 0 unless using. */
  readonly version: number;
  /** i8, one of the codes below if valid; 0 unless using. */
  readonly type: number;
  /** SEC form, 33 or 65 bytes, or empty if invalid. Only a version 1 UPDATE carries keys. */
  readonly keys: readonly Uint8Array[];
}

/** Codes of {@link Delegates.type}. */
export const DELEGATES_UPDATE = 1;
/** A stored delegate signs in the owner's place. */
export const DELEGATES_SIGNING = 2;

/** The version of {@link Delegates} that carries keys. */
export const DELEGATES_VERSION = 1;

/** Most keys a valid delegate list has. */
export const MAX_DELEGATES = 4;

const NORMAL_BIT = 0x001;
const P2SH_BIT = 0x002;
/** Bit of fluxTxVersion that says a delegate part follows. */
export const DELEGATES_BIT = 0x100;

/** What a START's fluxTxVersion says. Other bits are ignored. */
export interface FluxTxFlags {
  /** A START of a collateral paid to a key: bit 0 alone. */
  readonly normal: boolean;
  /** A START of a multisig collateral: bit 1 alone. */
  readonly p2sh: boolean;
  /** Both at once: written in the P2SH layout, of neither type, never valid. */
  readonly conflicting: boolean;
  readonly delegates: boolean;
}

/** Source: fluxd src/primitives/transaction.h IsFluxTxNormalType, IsFluxTxP2SHType, HasConflictingBits, HasDelegates. */
export function fluxTxFlags(fluxTxVersion: number): FluxTxFlags {
  const normalBit = (fluxTxVersion & NORMAL_BIT) !== 0;
  const p2shBit = (fluxTxVersion & P2SH_BIT) !== 0;
  return {
    normal: normalBit && !p2shBit,
    p2sh: p2shBit && !normalBit,
    conflicting: normalBit && p2shBit,
    delegates: (fluxTxVersion & DELEGATES_BIT) !== 0,
  };
}

/** Before proof of node only these exact values of fluxTxVersion are valid. */
export const STRICT_NORMAL = NORMAL_BIT;
/** The fluxTxVersion of a START of a multisig collateral, before delegates. */
export const STRICT_P2SH = P2SH_BIT;

/** Size of a public key by its first byte, 0 = not a key. Source: fluxd src/pubkey.h CPubKey::GetLen. */
export function publicKeySize(firstByte: number | undefined): 0 | 33 | 65 {
  if (firstByte === 2 || firstByte === 3) return 33;
  if (firstByte === 4 || firstByte === 6 || firstByte === 7) return 65;
  return 0;
}

/**
 * Whether a START may carry `delegates`; its version is not looked at, nor whether keys are on the curve.
 * Source: fluxd src/primitives/transaction.h CFluxnodeDelegates::IsValid.
 */
export function delegatesValid(delegates: Delegates): boolean {
  if (delegates.type !== DELEGATES_UPDATE && delegates.type !== DELEGATES_SIGNING) return false;
  if (delegates.keys.length > MAX_DELEGATES) return false;
  return delegates.keys.every((key) => publicKeySize(key[0]) === 33);
}

/** Whether `tx` is signed by a stored delegate instead of the owner. */
export const signedByDelegate = (tx: FluxnodeStart): boolean => tx.delegates?.type === DELEGATES_SIGNING;
