import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import { benchmarkMessage, confirmMessage, startMessage } from "../crypto/fluxnodeMessage.ts";
import type { KeyPair } from "../crypto/keys.ts";
import { signMessage } from "../crypto/messageSignature.ts";
import {
  DELEGATES_BIT,
  DELEGATES_SIGNING,
  DELEGATES_UPDATE,
  DELEGATES_VERSION,
  type Delegates,
  type FluxnodeConfirm,
  type FluxnodeStart,
  type INITIAL_CONFIRM,
  STRICT_NORMAL,
  STRICT_P2SH,
  type UPDATE_CONFIRM,
} from "../primitives/fluxnodeTx.ts";
import type { Outpoint } from "../primitives/outpoint.ts";

// FluxNode transactions, put together in one step and signed in others, since owner, node and benchmark are three parties.
// Source: fluxd src/fluxnode/activefluxnode.cpp, src/rpc/fluxnode.cpp.

const NO_BYTES = new Uint8Array(0);

/** Who owns the collateral. */
export type CollateralOwner =
  /** SEC form of the key the output pays. */
  | { readonly type: "key"; readonly publicKey: Uint8Array }
  /** Multisig script the output hashes. Needs version 6. */
  | { readonly type: "script"; readonly redeemScript: Uint8Array };

/** What a START is to say. */
export interface StartPlan {
  readonly collateral: Outpoint;
  readonly owner: CollateralOwner;
  /** SEC form of the operating key; fluxd makes it uncompressed. */
  readonly nodeKey: Uint8Array;
  /** Unix seconds. */
  readonly sigTime: number;
  /** Version 6 only. */
  readonly delegates?: Delegates;
}

/** Names the keys that may start the node from now on; none of them takes the right from all. */
export const delegateUpdate = (keys: readonly Uint8Array[]): Delegates => ({
  using: true,
  version: DELEGATES_VERSION,
  type: DELEGATES_UPDATE,
  keys,
});

/** Says that a stored delegate signs in the owner's place. */
export const DELEGATE_SIGNING: Delegates = {
  using: true,
  version: DELEGATES_VERSION,
  type: DELEGATES_SIGNING,
  keys: [],
};

/** Version 5, for a collateral paid to a key. Unsigned. */
export const startVersion5 = (
  plan: Omit<StartPlan, "owner" | "delegates"> & { readonly collateralKey: Uint8Array },
): FluxnodeStart => ({
  kind: "fluxnodeStart",
  version: 5,
  fluxTxVersion: 0,
  collateral: plan.collateral,
  collateralPubkey: plan.collateralKey,
  pubkey: plan.nodeKey,
  redeemScript: NO_BYTES,
  sigTime: plan.sigTime,
  sig: NO_BYTES,
  delegates: undefined,
});

/** Version 6. Unsigned. */
export function startVersion6({ collateral, owner, nodeKey, sigTime, delegates }: StartPlan): FluxnodeStart {
  const type = owner.type === "key" ? STRICT_NORMAL : STRICT_P2SH;
  return {
    kind: "fluxnodeStart",
    version: 6,
    fluxTxVersion: delegates === undefined ? type : type | DELEGATES_BIT,
    collateral,
    collateralPubkey: owner.type === "key" ? owner.publicKey : NO_BYTES,
    pubkey: nodeKey,
    redeemScript: owner.type === "script" ? owner.redeemScript : NO_BYTES,
    sigTime,
    sig: NO_BYTES,
    delegates,
  };
}

/** By the owner, one key of the redeem script, or a delegate. The signature is not part of the id it signs. */
export const signStart = (ecdsa: EcdsaBackend, tx: FluxnodeStart, signer: KeyPair): FluxnodeStart => ({
  ...tx,
  sig: signMessage(ecdsa, signer, startMessage(tx)),
});

/** What a CONFIRM is to say, but for what the benchmark adds. */
export interface ConfirmPlan {
  readonly collateral: Outpoint;
  readonly updateType: typeof INITIAL_CONFIRM | typeof UPDATE_CONFIRM;
  /** Unix seconds. */
  readonly sigTime: number;
}

/** Signed by the node, not yet by the benchmark. Version 5, as the daemon always makes them. */
export const signConfirm = (ecdsa: EcdsaBackend, plan: ConfirmPlan, nodeKey: KeyPair): FluxnodeConfirm => ({
  kind: "fluxnodeConfirm",
  version: 5,
  collateral: plan.collateral,
  sigTime: plan.sigTime,
  benchmarkTier: 0,
  benchmarkSigTime: 0,
  updateType: plan.updateType,
  ip: NO_BYTES,
  sig: signMessage(ecdsa, nodeKey, confirmMessage(plan)),
  benchmarkSig: NO_BYTES,
});

/** What the benchmark program found. */
export interface BenchmarkResult {
  /** Tier code, 1..3. */
  readonly tier: number;
  /** Unix seconds. */
  readonly time: number;
  readonly ip: Uint8Array;
}

/** Adds the benchmark's result and signature, which covers the node's. */
export function signBenchmark(
  ecdsa: EcdsaBackend,
  confirm: FluxnodeConfirm,
  { tier, time, ip }: BenchmarkResult,
  benchmarkKey: KeyPair,
): FluxnodeConfirm {
  const tx = { ...confirm, benchmarkTier: tier, benchmarkSigTime: time, ip };
  return { ...tx, benchmarkSig: signMessage(ecdsa, benchmarkKey, benchmarkMessage(tx)) };
}
