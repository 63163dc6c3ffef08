import {
  isCoinbase,
  isSaplingFormat,
  type OrdinaryTransaction,
  type Params,
  type Transaction,
  type TxInput,
  type TxOutput,
  toDisplayHex,
  toWireHex,
  txid,
} from "@fluxlab/core";
import { FluxAmount, type JsonObject } from "../json.ts";
import { fluxnodeJson } from "./fluxnodeJson.ts";
import { scriptPubKeyJson, scriptSigJson } from "./scriptJson.ts";
import { joinSplitJson, outputJson, spendJson } from "./shieldedJson.ts";

/**
 * A transaction as fluxd's decoderawtransaction prints it, plus what that leaves out: joinSplitPubKey and joinSplitSig, and a
 * redeem script in hex. Source: fluxd src/rpc/rawtransaction.cpp TxToJSON.
 */
export const transactionJson = (tx: Transaction, params: Params): JsonObject => ({
  txid: toDisplayHex(txid(tx)),
  version: tx.version,
  ...(tx.kind === "ordinary" ? ordinaryJson(tx, params) : fluxnodeJson(tx)),
});

/** Eight digits. */
export const hexWord = (word: number): string => word.toString(16).padStart(8, "0");

function ordinaryJson(tx: OrdinaryTransaction, params: Params): JsonObject {
  const { overwintered, shielded } = tx;
  const coinbase = isCoinbase(tx);
  const hasJoinSplits = shielded.joinSplits.length > 0;
  return {
    overwintered,
    versiongroupid: overwintered ? hexWord(tx.versionGroupId) : undefined,
    locktime: tx.lockTime,
    expiryheight: overwintered ? tx.expiryHeight : undefined,
    vin: tx.inputs.map((input) => inputJson(input, coinbase)),
    vout: tx.outputs.map((output, n) => txOutputJson(output, n, params)),
    vJoinSplit: shielded.joinSplits.map(joinSplitJson),
    joinSplitPubKey: hasJoinSplits ? toDisplayHex(shielded.joinSplitPubKey) : undefined,
    joinSplitSig: hasJoinSplits ? toWireHex(shielded.joinSplitSig) : undefined,
    ...(isSaplingFormat(tx) ? saplingJson(tx) : {}),
  };
}

function inputJson({ prevout, scriptSig, sequence }: TxInput, coinbase: boolean): JsonObject {
  if (coinbase) return { coinbase: toWireHex(scriptSig), sequence };
  return {
    txid: toDisplayHex(prevout.txid),
    vout: prevout.index,
    scriptSig: scriptSigJson(scriptSig),
    sequence,
  };
}

const txOutputJson = ({ value, scriptPubKey }: TxOutput, n: number, params: Params): JsonObject => ({
  value: new FluxAmount(value),
  valueZat: value,
  valueSat: value,
  n,
  scriptPubKey: scriptPubKeyJson(scriptPubKey, params),
});

function saplingJson({ shielded }: OrdinaryTransaction): JsonObject {
  const { spends, outputs, valueBalance, bindingSig } = shielded;
  return {
    valueBalance: new FluxAmount(valueBalance),
    valueBalanceZat: valueBalance,
    vShieldedSpend: spends.map(spendJson),
    vShieldedOutput: outputs.map(outputJson),
    bindingSig: spends.length + outputs.length > 0 ? toWireHex(bindingSig) : undefined,
  };
}
