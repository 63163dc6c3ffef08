import { equalBytes } from "../../bytes/compare.ts";
import { keyId } from "../../crypto/keys.ts";
import type { Params } from "../../params/params.ts";
import { ponHeightReached } from "../../params/upgrades.ts";
import type { Satoshi } from "../../primitives/money.ts";
import { type PerTier, perTier, TIERS, type Tier } from "../../primitives/tier.ts";
import type { OrdinaryTransaction } from "../../primitives/transaction.ts";
import { destinationScript, scriptDestination } from "../../script/address.ts";
import { payToKeyHash, payToScriptHash, scriptIdOf } from "../../script/standard.ts";
import type { Coin } from "../coin.ts";
import type { ScriptOf } from "../coinbaseRules.ts";
import { type Violation, violation } from "../violation.ts";
import { isFoundationKey } from "./collateral.ts";
import { remainder, tierShare } from "./payout.ts";
import type { FluxnodeRecord } from "./record.ts";

// Whom a coinbase owes, and whether it paid. Source: fluxd src/fluxnode/fluxnode.cpp FluxnodeCache::CheckFluxnodePayout.

/** What one tier is owed by one block. */
export interface TierPayment {
  readonly node: FluxnodeRecord;
  readonly scriptPubKey: Uint8Array;
  readonly amount: Satoshi;
}

/** A tier that is owed nothing has no entry. */
export type PaymentsDue = PerTier<TierPayment | undefined>;

/**
 * The script that pays a node. Of a foundation node it is read from the collateral, so there is none once that is spent: the
 * node then blocks its tier's payments for as long as it is first. Source: fluxd FluxnodeCache::GetNextPayment.
 */
export function payeeScript(
  { identity }: FluxnodeRecord,
  collateral: () => Coin | undefined,
  params: Params,
): Uint8Array | undefined {
  if (identity.redeemScript.length > 0) return payToScriptHash(scriptIdOf(identity.redeemScript));
  if (!isFoundationKey(identity.collateralPubkey, params))
    return payToKeyHash(keyId(identity.collateralPubkey));
  const coin = collateral();
  const destination = coin && scriptDestination(coin.scriptPubKey);
  return destination && destinationScript(destination);
}

/** What block `height` owes the first of each queue; `collateral` looks up a node's coin in the state before the block. */
export const paymentsDue = (
  queueHead: (tier: Tier) => FluxnodeRecord | undefined,
  collateral: (node: FluxnodeRecord) => Coin | undefined,
  height: number,
  params: Params,
): PaymentsDue =>
  perTier((tier) => {
    const node = queueHead(tier);
    if (node === undefined) return undefined;
    const scriptPubKey = payeeScript(node, () => collateral(node), params);
    return scriptPubKey && { node, scriptPubKey, amount: tierShare(params, height, tier) };
  });

/**
 * Whether the coinbase pays all that is due. An output counts once: for the first tier not yet paid whose script and amount
 * it has exactly, or else, under proof of node, for the dev fund, which gets at least what the tiers leave.
 */
export function checkPayout(
  coinbase: OrdinaryTransaction,
  due: PaymentsDue,
  height: number,
  params: Params,
  scriptOf: ScriptOf,
): Violation | undefined {
  const unpaid = new Set(TIERS.filter((tier) => due[tier] !== undefined));
  const left = remainder(
    params,
    height,
    perTier((tier) => due[tier] !== undefined),
  );
  let devFundUnpaid = ponHeightReached(params.upgrades, height);
  for (const { value, scriptPubKey } of coinbase.outputs) {
    const paid = TIERS.find(
      (tier) =>
        unpaid.has(tier) && due[tier]!.amount === value && equalBytes(due[tier]!.scriptPubKey, scriptPubKey),
    );
    if (paid !== undefined) unpaid.delete(paid);
    else if (devFundUnpaid && value >= left && equalBytes(scriptPubKey, scriptOf(params.funds.devAddress)))
      devFundUnpaid = false;
  }
  if (unpaid.size === 0 && !devFundUnpaid) return undefined;
  const missing = [...unpaid, ...(devFundUnpaid ? ["devFund"] : [])].join(", ");
  return violation("bad-txns-not-paying-correct-fluxnodes", { height, missing });
}
