import { equalBytes } from "../../bytes/compare.ts";
import { keyId } from "../../crypto/keys.ts";
import type { Params } from "../../params/params.ts";
import {
  type FluxnodeConfirm,
  type FluxnodeStart,
  fluxTxFlags,
  INITIAL_CONFIRM,
} from "../../primitives/fluxnodeTx.ts";
import { TIER_CODE } from "../../primitives/tier.ts";
import { scriptDestination } from "../../script/address.ts";
import { isPayToKeyHash, isPayToScriptHash, scriptIdOf } from "../../script/standard.ts";
import type { Coin } from "../coin.ts";
import { type Violation, violation } from "../violation.ts";
import { isFoundationKeyAt } from "./collateral.ts";
import { updateAllowed } from "./lifecycle.ts";
import type { FluxnodeRecord } from "./record.ts";

// What FluxNode transactions must satisfy in the state before their block, whatever else the block contains.
// Source: fluxd src/main.cpp ContextualCheckTransaction.

/** What the state before the block knows of the collateral of a START. */
export interface CollateralState {
  readonly node: FluxnodeRecord | undefined;
  readonly coin: Coin | undefined;
  /** Whether any output of the transaction that made the collateral is unspent: it decides between two reasons. */
  readonly transactionKnown: () => boolean;
}

/** The first rule a START breaks: its node must be in no list, and its collateral must be the signer's. */
export function checkStartState(
  tx: FluxnodeStart,
  { node, coin, transactionKnown }: CollateralState,
  params: Params,
): Violation | undefined {
  if (node !== undefined) {
    return node.status === "confirmed"
      ? violation("fluxnode-tx-already-in-confirm-chain")
      : violation("fluxnode-tx-already-in-chain-or-waiting-for-dos-unban", { status: node.status });
  }
  if (coin !== undefined) return checkOwner(tx, coin.scriptPubKey, params);
  return transactionKnown()
    ? violation("fluxnode-tx-coins-not-available")
    : violation("fluxnode-tx-coins-not-found");
}

/** Whether the collateral's script names whom the START says its owner is. */
function checkOwner(tx: FluxnodeStart, scriptPubKey: Uint8Array, params: Params): Violation | undefined {
  const destination = scriptDestination(scriptPubKey);
  if (destination === undefined) return violation("fluxnode-tx-failed-to-extract-destination");
  const { normal, p2sh } = fluxTxFlags(tx.fluxTxVersion);
  if (normal && !isPayToKeyHash(scriptPubKey))
    return violation("fluxnode-tx-normal-version-not-p2pkh-script");
  if (p2sh && !isPayToScriptHash(scriptPubKey)) return violation("fluxnode-tx-p2sh-version-not-p2sh-script");
  if (destination.type === "keyHash") {
    return equalBytes(keyId(tx.collateralPubkey), destination.id)
      ? undefined
      : violation("fluxnode-tx-destinations-didn't-match");
  }
  if (p2sh) {
    return equalBytes(scriptIdOf(tx.redeemScript), destination.id)
      ? undefined
      : violation("fluxnode-tx-p2shnodes-destinations-didn't-match");
  }
  return isFoundationKeyAt(tx, params) ? undefined : violation("fluxnode-tx-p2sh-publickeys-didn't-match");
}

/**
 * The first rule a CONFIRM breaks. Its signatures have been checked, and its updateType is one of the two. Where the node is
 * unknown fluxd fails without a verdict and stays where it is; no valid chain has such a block, so it is invalid here.
 */
export function checkConfirmState(
  tx: FluxnodeConfirm,
  node: FluxnodeRecord | undefined,
  height: number,
  params: Params,
): Violation | undefined {
  if (node === undefined) return violation("fluxnode-tx-unknown-node");
  const collateralTier = TIER_CODE[node.identity.tier];
  if (collateralTier > tx.benchmarkTier) {
    const { benchmarkTier } = tx;
    return violation("fluxnode-tx-benchmark-tier-to-low-for-collateral", { collateralTier, benchmarkTier });
  }
  const { status } = node;
  if (tx.updateType === INITIAL_CONFIRM) {
    return status === "started"
      ? undefined
      : violation("fluxnode-tx-invalid-confirm-outpoint-not-started", { status });
  }
  if (status !== "confirmed") {
    return violation("fluxnode-tx-invalid-update-confirm-outpoint-not-confirmed", { status });
  }
  const lastConfirmed = node.lastConfirmedHeight;
  return updateAllowed(params, height, lastConfirmed, !equalBytes(tx.ip, node.ip))
    ? undefined
    : violation("fluxnode-tx-invalid-update-confirm-outpoint-not-confirmed-or-too-soon", {
        height,
        lastConfirmed,
      });
}
