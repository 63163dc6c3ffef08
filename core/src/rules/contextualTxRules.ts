import type { Params } from "../params/params.ts";
import { upgradeActive } from "../params/upgrades.ts";
import { type FluxnodeTransaction, STRICT_NORMAL, STRICT_P2SH } from "../primitives/fluxnodeTx.ts";
import {
  isCoinbase,
  type OrdinaryTransaction,
  SAPLING_GROUP_ID,
  SAPLING_VERSION,
  type Transaction,
} from "../primitives/transaction.ts";
import { transactionSize } from "../primitives/txid.ts";
import { checkCoinbaseFunding, type ScriptOf } from "./coinbaseRules.ts";
import { delegatesAllowed, fluxnodesActive, version6Allowed } from "./fluxnode/lifecycle.ts";
import { MAX_TRANSACTION_BYTES_BEFORE_ACADIA } from "./limits.ts";
import { isExpired } from "./lockTime.ts";
import { JUST_EXPIRED, type Violation, violation } from "./violation.ts";

// What one transaction must satisfy at a height, as far as that follows from the height alone. Shielded signatures and the
// state of FluxNodes come after these. Source: fluxd src/main.cpp ContextualCheckTransaction.

/** The first rule `tx` breaks in block `height`, in fluxd's order. */
export function checkTransactionAtHeight(
  tx: Transaction,
  height: number,
  params: Params,
  scriptOf: ScriptOf,
): Violation | undefined {
  if (tx.kind !== "ordinary") return checkFluxnodeEra(tx, height, params);
  const funding = isCoinbase(tx) ? checkCoinbaseFunding(tx, height, params, scriptOf) : undefined;
  if (funding !== undefined) return funding;
  const acadia = upgradeActive(params.upgrades, "acadia", height);
  return (
    (acadia ? checkSaplingFormat(tx, height) : checkSproutFormat(tx)) ??
    checkNoNewShielding(tx, height, params)
  );
}

/** Before Acadia: no overwintered formats, and 100,000 bytes at most. */
function checkSproutFormat(tx: OrdinaryTransaction): Violation | undefined {
  if (tx.overwintered) return violation("tx-overwinter-not-active", { version: tx.version });
  const bytes = transactionSize(tx);
  return bytes > MAX_TRANSACTION_BYTES_BEFORE_ACADIA ? violation("bad-txns-oversize", { bytes }) : undefined;
}

/** From Acadia on: version 4 in the Sapling group, and not expired. */
function checkSaplingFormat(tx: OrdinaryTransaction, height: number): Violation | undefined {
  const { version, versionGroupId, expiryHeight } = tx;
  if (!tx.overwintered) {
    return version >= SAPLING_VERSION
      ? violation("tx-overwintered-flag-not-set", { version })
      : violation("tx-sapling-active", { version });
  }
  if (versionGroupId !== SAPLING_GROUP_ID)
    return violation("bad-sapling-tx-version-group-id", { versionGroupId });
  if (version < SAPLING_VERSION) return violation("bad-tx-sapling-version-too-low", { version });
  if (version > SAPLING_VERSION) return violation("bad-tx-sapling-version-too-high", { version });
  if (!isExpired(tx, height)) return undefined;
  const justExpired = isExpired(tx, height - 1) ? 0 : 1;
  return violation("tx-sapling-expired", { height, expiryHeight, [JUST_EXPIRED]: justExpired });
}

/** From Flux on, transparent inputs and newly shielded value exclude each other; leaving the pools stays legal. */
function checkNoNewShielding(tx: OrdinaryTransaction, height: number, params: Params): Violation | undefined {
  if (!upgradeActive(params.upgrades, "flux", height) || tx.inputs.length === 0) return undefined;
  const { joinSplits, outputs } = tx.shielded;
  if (joinSplits.length === 0 && outputs.length === 0) return undefined;
  return violation("bad-txns-fluxrebrand-vprivacy-not-empty");
}

/**
 * Which FluxNode formats exist yet. Before proof of node fluxTxVersion is compared for every version 6 transaction, and a
 * CONFIRM, which has none on the wire, counts as 0: so it is refused.
 */
function checkFluxnodeEra(tx: FluxnodeTransaction, height: number, params: Params): Violation | undefined {
  if (!fluxnodesActive(params, height)) return violation("tx-fluxnodes-not-active", { height });
  if (tx.version === 5) return undefined;
  if (!version6Allowed(params, height)) return violation("tx-p2shnodes-not-active", { height });
  if (delegatesAllowed(params, height)) return undefined;
  const fluxTxVersion = tx.kind === "fluxnodeStart" ? tx.fluxTxVersion : 0;
  if (fluxTxVersion === STRICT_NORMAL || fluxTxVersion === STRICT_P2SH) return undefined;
  return violation("tx-bit-features-not-active", { height, fluxTxVersion });
}
