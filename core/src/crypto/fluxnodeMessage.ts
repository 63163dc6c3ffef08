import { utf8ToBytes } from "@noble/hashes/utils.js";
import { toDisplayHex } from "../bytes/hex.ts";
import { Writer } from "../bytes/writer.ts";
import type { FluxnodeConfirm, FluxnodeStart } from "../primitives/fluxnodeTx.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import { txid } from "../primitives/txid.ts";

// What the signers of FluxNode transactions sign, as messages. All but the benchmark's are ASCII.
// Source: fluxd src/fluxnode/fluxnode.cpp CheckFluxnodeTxSignatures, CheckBenchmarkSignature.

/** Digits of a txid that the text of an outpoint shows. */
const OUTPOINT_TEXT_DIGITS = 10;

/** Short text of an outpoint, which names ten digits of its txid only. Source: fluxd src/primitives/transaction.cpp COutPoint::ToString. */
export const outpointText = ({ txid, index }: Outpoint): string =>
  `COutPoint(${toDisplayHex(txid).slice(0, OUTPOINT_TEXT_DIGITS)}, ${index})`;

/** Signed by the owner, by one key of the redeem script or by a delegate: the id, in display form. */
export const startMessage = (tx: FluxnodeStart): Uint8Array => utf8ToBytes(toDisplayHex(txid(tx)));

/** Signed by the node's operating key. Tier and ip are not in it; only the benchmark's signature covers those. */
export const confirmMessage = ({
  collateral,
  updateType,
  sigTime,
}: Pick<FluxnodeConfirm, "collateral" | "updateType" | "sigTime">): Uint8Array =>
  utf8ToBytes(`${outpointText(collateral)}${collateral.index}${updateType}${sigTime}`);

/** Signed by the benchmark program: the node's signature as raw bytes, then what the benchmark found. */
export function benchmarkMessage({
  sig,
  benchmarkTier,
  benchmarkSigTime,
  ip,
}: Pick<FluxnodeConfirm, "sig" | "benchmarkTier" | "benchmarkSigTime" | "ip">): Uint8Array {
  const writer = new Writer();
  writer.bytes(sig);
  writer.bytes(utf8ToBytes(`${benchmarkTier}${benchmarkSigTime}`));
  writer.bytes(ip);
  return writer.copy();
}
