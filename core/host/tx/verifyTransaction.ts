import {
  blockVerifier,
  checkTransaction,
  nobleEcdsa,
  type OrdinaryTransaction,
  type Params,
  type ScriptFlags,
  type SpendableCoin,
  type Transaction,
  toDisplayHex,
  txid,
} from "@fluxlab/core";
import type { JsonObject } from "../json.ts";
import { inputErrors } from "./signTransaction.ts";

export interface Verified {
  readonly valid: boolean;
  readonly json: JsonObject;
}

/**
 * What can be said of a transaction without a chain: the rules it keeps by itself, and with `coins` each of its scripts. Of a
 * FluxNode transaction the signature of a START by its owner is verified, that of a CONFIRM by the benchmark only.
 */
export function verifyTransaction(
  tx: Transaction,
  coins: readonly SpendableCoin[],
  branchId: number,
  flags: ScriptFlags,
  params: Params,
): Verified {
  const verifier = blockVerifier(nobleEcdsa, () => ({ delegates: [], nodeKey: undefined }), params);
  const rule = checkTransaction(tx, verifier)?.rule;
  const errors = tx.kind === "ordinary" ? inputErrors(tx, coins, branchId, flags) : [];
  const valid = rule === undefined && errors.every((error) => error === undefined);
  const id = toDisplayHex(txid(tx));
  if (tx.kind !== "ordinary") return { valid, json: { txid: id, valid, transaction: rule ?? "ok" } };
  return { valid, json: { txid: id, valid, transaction: rule ?? "ok", inputs: inputsJson(tx, errors) } };
}

const inputsJson = (tx: OrdinaryTransaction, errors: readonly (string | undefined)[]): JsonObject[] =>
  tx.inputs.map(({ prevout }, i) => ({
    txid: toDisplayHex(prevout.txid),
    vout: prevout.index,
    ok: errors[i] === undefined,
    error: errors[i],
  }));
