import { equalBytes } from "../../bytes/compare.ts";
import { wireHex } from "../../bytes/hex.ts";
import type { Params } from "../../params/params.ts";
import { perParams } from "../../params/perParams.ts";
import { upgradeActive } from "../../params/upgrades.ts";
import type { FluxnodeConfirm, FluxnodeStart } from "../../primitives/fluxnodeTx.ts";
import type { Tier } from "../../primitives/tier.ts";
import type { Coin } from "../coin.ts";
import { DETAIL, type Violation, violation } from "../violation.ts";
import { COLLATERAL_MATURITY } from "./lifecycle.ts";
import { collateralTier } from "./tier.ts";
import { keyInForce } from "./timedKeys.ts";

// Whether a collateral can carry a node. Source: fluxd src/coins.cpp CCoinsViewCache::CheckFluxnodeTxInput.

const foundationKeysOf = perParams(({ fluxnodes }) =>
  fluxnodes.foundationKeys.map(({ publicKey }) => wireHex(publicKey)),
);

/** Whether a START names the key that stands for the foundation's multisig collaterals. */
export const isFoundationKey = (collateralPubkey: Uint8Array, params: Params): boolean =>
  foundationKeysOf(params).some((key) => equalBytes(key, collateralPubkey));

/** Whether it is the one of these keys that is in force at `sigTime`, the time the START claims. */
export const isFoundationKeyAt = (
  { collateralPubkey, sigTime }: FluxnodeStart,
  { fluxnodes }: Params,
): boolean =>
  fluxnodes.foundationKeys.length > 0 &&
  equalBytes(wireHex(keyInForce(fluxnodes.foundationKeys, sigTime).publicKey), collateralPubkey);

const refused = (detail: string): Violation =>
  violation("bad-txns-fluxnode-tx-inputs-missingorspent", { [DETAIL]: detail });

/**
 * The tier of the collateral of `tx` in block `height`, or the first rule it breaks. `coin` is what the outpoint names after
 * the transactions before this one in the block. Of fluxd's eight tests two cannot fail here: that `tx` is a FluxNode
 * transaction, and that a tier found is one of the three.
 */
export function collateralInputTier(
  tx: FluxnodeStart | FluxnodeConfirm,
  coin: Coin | undefined,
  height: number,
  params: Params,
): Tier | Violation {
  if (coin === undefined) return refused("Coins not available");
  if (height - coin.height < COLLATERAL_MATURITY) return refused("Minimum height requirement not met");
  const tier = collateralTier(params, height, coin.value);
  if (tier === undefined) return refused("Couldn't get coin tier from amount");
  const active = (upgrade: "halving" | "p2shNodes") => upgradeActive(params.upgrades, upgrade, height);
  const foundation = tx.kind === "fluxnodeStart" && isFoundationKey(tx.collateralPubkey, params);
  if (foundation && !active("halving")) return refused("Using P2SH collateral key before it is active");
  if (tx.version === 6 && !active("p2shNodes")) return refused("Using P2SH nodes before it is active");
  if (foundation && active("p2shNodes")) return refused(OLD_STYLE);
  return tier;
}

const OLD_STYLE = "Old Style P2SH Nodes is no longer available. Please use new transaction version 6 style.";
