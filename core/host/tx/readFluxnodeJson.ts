import {
  type Delegates,
  type FluxnodeConfirm,
  type FluxnodeStart,
  type FluxnodeTransaction,
  type FluxnodeVersion,
  fluxTxFlags,
  NULL_OUTPOINT,
  type Outpoint,
  TIER_CODE,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import { CONFIRM_TEXT, START_TEXT } from "./fluxnodeJson.ts";

// The reverse of fluxnodeJson.ts.

const NO_BYTES = new Uint8Array(0);

export function readFluxnodeJson(json: Field, version: FluxnodeVersion): FluxnodeTransaction {
  const type = json.get("type");
  if (type.text() === START_TEXT) return readStart(json, version);
  if (type.text() === CONFIRM_TEXT) return readConfirm(json, version);
  return { kind: "fluxnodeUnknown", version, type: readI8(json.get("ntype")) };
}

const readI8 = (field: Field): number => field.integer(-128, 127);

function readCollateral(json: Field): Outpoint {
  const outidx = json.get("outidx");
  const index = Number(outidx.text());
  if (!/^\d{1,10}$/.test(outidx.text()) || index > 0xffff_ffff) outidx.fail("an output index in quotes");
  return { txid: json.get("txhash").hash(), index };
}

function readStart(json: Field, version: FluxnodeVersion): FluxnodeStart {
  const fluxTxVersion = version === 6 ? json.get("fluxnode_upgraded_tx_version").i32() : 0;
  const flags = fluxTxFlags(fluxTxVersion);
  const hasScript = flags.p2sh || flags.conflicting;
  const hasBody = version === 5 || hasScript || flags.normal;
  return {
    kind: "fluxnodeStart",
    version,
    fluxTxVersion,
    collateral: hasBody ? readCollateral(json) : NULL_OUTPOINT,
    collateralPubkey: hasBody && !hasScript ? json.get("collateral_pubkey").base64() : NO_BYTES,
    pubkey: hasBody ? json.get("zelnode_pubkey").base64() : NO_BYTES,
    redeemScript: hasScript ? json.get("redeemscript_hex").bytes() : NO_BYTES,
    sigTime: hasBody ? json.get("sigtime").u32() : 0,
    sig: hasBody ? json.get("sig").base64() : NO_BYTES,
    delegates: flags.delegates ? readDelegatesJson(json) : undefined,
  };
}

function readDelegatesJson(json: Field): Delegates {
  if (!json.get("using_delegates").flag()) return { using: false, version: 0, type: 0, keys: [] };
  const data = json.get("delegate_data");
  return {
    using: true,
    version: readI8(data.get("version")),
    type: readI8(data.get("type")),
    keys: data
      .get("keys")
      .items()
      .map((key) => key.base64()),
  };
}

function readConfirm(json: Field, version: FluxnodeVersion): FluxnodeConfirm {
  return {
    kind: "fluxnodeConfirm",
    version,
    collateral: readCollateral(json),
    sigTime: json.get("sigtime").u32(),
    benchmarkTier: readTier(json.get("benchmark_tier")),
    benchmarkSigTime: json.get("benchmark_sigtime").u32(),
    updateType: readI8(json.get("update_type")),
    ip: json.find("ip_hex")?.bytes() ?? new Uint8Array(Buffer.from(json.get("ip").text())),
    sig: json.get("sig").base64(),
    benchmarkSig: json.get("benchmark_sig").base64(),
  };
}

const TIER_CODES: Readonly<Record<string, number>> = {
  NONE: 0,
  CUMULUS: TIER_CODE.cumulus,
  NIMBUS: TIER_CODE.nimbus,
  STRATUS: TIER_CODE.stratus,
};

function readTier(field: Field): number {
  const unknown = /^UNKNOWN TIER \((-?\d{1,3})\)$/.exec(field.text());
  if (unknown === null) return field.oneOf(TIER_CODES);
  const code = Number(unknown[1]);
  return code >= -128 && code <= 127 ? code : field.fail("a tier of 8 bits");
}
