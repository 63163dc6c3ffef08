import {
  type Delegates,
  encodeBase64,
  type FluxnodeConfirm,
  type FluxnodeStart,
  type FluxnodeTransaction,
  fluxTxFlags,
  type Outpoint,
  outpointText,
  scriptAsm,
  TIER_CODE,
  TIERS,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import type { JsonObject } from "../json.ts";

// FluxNode transactions. Source: fluxd src/rpc/rawtransaction.cpp TxToJSON.

export const START_TEXT = "Starting a fluxnode";
export const CONFIRM_TEXT = "Confirming a fluxnode";
const UNKNOWN_TEXT = "Unknown";

export function fluxnodeJson(tx: FluxnodeTransaction): JsonObject {
  if (tx.kind === "fluxnodeUnknown") return { type: UNKNOWN_TEXT, ntype: tx.type };
  return tx.kind === "fluxnodeStart" ? startJson(tx) : confirmJson(tx);
}

const collateralJson = (outpoint: Outpoint): JsonObject => ({
  collateral_output: outpointText(outpoint),
  collateral: `COutPoint(${toDisplayHex(outpoint.txid)}, ${outpoint.index})`,
  txhash: toDisplayHex(outpoint.txid),
  outidx: `${outpoint.index}`,
});

function startJson(tx: FluxnodeStart): JsonObject {
  const flags = fluxTxFlags(tx.fluxTxVersion);
  const hasScript = tx.version === 6 && (flags.p2sh || flags.conflicting);
  return {
    type: START_TEXT,
    ...collateralJson(tx.collateral),
    sigtime: tx.sigTime,
    sig: encodeBase64(tx.sig),
    ip: "",
    fluxnode_upgraded_tx_version: tx.version === 6 ? tx.fluxTxVersion : undefined,
    collateral_pubkey: hasScript ? undefined : encodeBase64(tx.collateralPubkey),
    redeemscript: hasScript ? scriptAsm(tx.redeemScript) : undefined,
    redeemscript_hex: hasScript ? toWireHex(tx.redeemScript) : undefined,
    ...(tx.delegates === undefined ? {} : delegatesJson(tx.delegates)),
    zelnode_pubkey: encodeBase64(tx.pubkey),
  };
}

const delegatesJson = ({ using, version, type, keys }: Delegates): JsonObject => ({
  using_delegates: using,
  delegate_data: using ? { version, type, keys: keys.map(encodeBase64) } : undefined,
});

function confirmJson(tx: FluxnodeConfirm): JsonObject {
  return {
    type: CONFIRM_TEXT,
    ...collateralJson(tx.collateral),
    sigtime: tx.sigTime,
    sig: encodeBase64(tx.sig),
    ...ipJson(tx.ip),
    update_type: tx.updateType,
    benchmark_tier: tierText(tx.benchmarkTier),
    benchmark_sigtime: tx.benchmarkSigTime,
    benchmark_sig: encodeBase64(tx.benchmarkSig),
  };
}

/** Bytes that are no text are given in hex besides. */
function ipJson(ip: Uint8Array): JsonObject {
  const bytes = Buffer.from(ip);
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes) ? { ip: text } : { ip: text, ip_hex: toWireHex(ip) };
}

/** Source: fluxd src/fluxnode/fluxnode.cpp TierToString. */
function tierText(code: number): string {
  const tier = TIERS.find((each) => TIER_CODE[each] === code);
  if (tier !== undefined) return tier.toUpperCase();
  return code === 0 ? "NONE" : `UNKNOWN TIER (${code})`;
}
