import { wireHex } from "../../bytes/hex.ts";
import type { EcdsaBackend } from "../../crypto/ecdsa.ts";
import { benchmarkMessage, confirmMessage, startMessage } from "../../crypto/fluxnodeMessage.ts";
import { keyId } from "../../crypto/keys.ts";
import { verifyMessage } from "../../crypto/messageSignature.ts";
import type { Params } from "../../params/params.ts";
import {
  type FluxnodeConfirm,
  type FluxnodeStart,
  fluxTxFlags,
  signedByDelegate,
} from "../../primitives/fluxnodeTx.ts";
import { matchMultisigScript, usableKeys } from "../../script/standard.ts";
import { keyInForce } from "./timedKeys.ts";

// Who signs a FluxNode transaction. Source: fluxd src/fluxnode/fluxnode.cpp CheckFluxnodeTxSignatures.

/**
 * The keys of which any one may have signed `tx`. `storedDelegates` is what the state before the block holds for the
 * collateral; delegates sign in the owner's place only if the transaction says so, and then the owner cannot.
 */
export function startSigners(
  tx: FluxnodeStart,
  storedDelegates: readonly Uint8Array[],
): readonly Uint8Array[] {
  if (signedByDelegate(tx)) return storedDelegates;
  if (!fluxTxFlags(tx.fluxTxVersion).p2sh) return [tx.collateralPubkey];
  const multisig = matchMultisigScript(tx.redeemScript);
  // One signature is enough, however many the script asks for.
  return multisig === undefined ? [] : usableKeys(multisig);
}

/** Whether a START is signed by one of those who may sign it; `storedDelegates` is the list on record before the block. */
export function startSignatureValid(
  ecdsa: EcdsaBackend,
  tx: FluxnodeStart,
  storedDelegates: readonly Uint8Array[],
): boolean {
  const message = startMessage(tx);
  return startSigners(tx, storedDelegates).some((key) => verifyMessage(ecdsa, keyId(key), message, tx.sig));
}

/** Whether the node's operating key, from its START, signed the CONFIRM. */
export const confirmSignatureValid = (
  ecdsa: EcdsaBackend,
  tx: FluxnodeConfirm,
  nodeKey: Uint8Array,
): boolean => verifyMessage(ecdsa, keyId(nodeKey), confirmMessage(tx), tx.sig);

/** Whether the benchmark key in force at the time the CONFIRM claims signed it. */
export const benchmarkSignatureValid = (ecdsa: EcdsaBackend, tx: FluxnodeConfirm, params: Params): boolean =>
  verifyMessage(
    ecdsa,
    keyId(benchmarkKeyAt(params, tx.benchmarkSigTime)),
    benchmarkMessage(tx),
    tx.benchmarkSig,
  );

/**
 * The benchmark's public key (SEC form) for a benchmark time. The time is the transaction's own claim, so a superseded key
 * stays usable with an old time. Source: fluxd src/fluxnode/fluxnode.cpp GetFluxnodeBenchmarkPublicKey.
 */
export const benchmarkKeyAt = ({ fluxnodes }: Params, benchmarkSigTime: number): Uint8Array =>
  wireHex(keyInForce(fluxnodes.benchmarkKeys, benchmarkSigTime).publicKey);

/** What the state knows of a collateral, as far as signatures go. */
export interface KnownSigners {
  /** Keys that may START the node for its owner; empty if none are stored. */
  readonly delegates: readonly Uint8Array[];
  /** Operating key of the node, if it is started, confirmed or in the DoS list. */
  readonly nodeKey: Uint8Array | undefined;
}

/**
 * Whether every signature of `tx` holds. A CONFIRM of an unknown node is judged by its benchmark signature alone; a
 * contextual rule refuses it later.
 */
export function fluxnodeSignaturesValid(
  ecdsa: EcdsaBackend,
  tx: FluxnodeStart | FluxnodeConfirm,
  known: KnownSigners,
  params: Params,
): boolean {
  if (tx.kind === "fluxnodeStart") return startSignatureValid(ecdsa, tx, known.delegates);
  const nodeSigned = known.nodeKey === undefined || confirmSignatureValid(ecdsa, tx, known.nodeKey);
  return nodeSigned && benchmarkSignatureValid(ecdsa, tx, params);
}
