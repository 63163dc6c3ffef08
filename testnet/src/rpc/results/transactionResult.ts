import {
  isCoinbase,
  knownTxid,
  type OrdinaryTransaction,
  type Outpoint,
  type Transaction,
  toDisplayHex,
  toWireHex,
  transactionBytes,
} from "@fluxlab/core";
import { FluxAmount, type JsonObject, transactionJson } from "@fluxlab/core/host";
import { indexedAddress } from "../chainIndex.ts";
import type { CommandContext } from "../command.ts";
import { confirmations } from "./headerFacts.ts";

// Transactions with what the indexes know of them. Source: fluxd src/rpc/rawtransaction.cpp TxToJSON, TxToJSONExpanded.

/** As decoderawtransaction shows it. */
export function transactionResult(tx: Transaction, context: CommandContext): JsonObject {
  const { vin, vout, ...plain } = transactionJson(tx, context.api.params);
  // What our own command line adds, so that its output can be read back.
  const { joinSplitPubKey, joinSplitSig, redeemscript_hex, ip_hex, ...json } = plain;
  if (tx.kind !== "ordinary") return json;
  const { vJoinSplit, valueBalance, valueBalanceZat, vShieldedSpend, vShieldedOutput, bindingSig, ...head } =
    json;
  const shielded = { vJoinSplit, valueBalance, valueBalanceZat, vShieldedSpend, vShieldedOutput, bindingSig };
  return {
    ...head,
    vin: (vin as JsonObject[]).map((input, i) => withSpent(input, tx, i, context)),
    vout: (vout as JsonObject[]).map((output, index) => ({
      ...output,
      ...spendingJson({ txid: knownTxid(tx), index }, context),
    })),
    ...shielded,
  };
}

/** Whom the input's coin paid and how much, before its sequence. */
function withSpent(
  input: JsonObject,
  tx: OrdinaryTransaction,
  i: number,
  context: CommandContext,
): JsonObject {
  const { index, api } = context;
  const { prevout } = tx.inputs[i]!;
  const spent = isCoinbase(tx) ? undefined : index.output(prevout);
  if (spent === undefined || index.spending(prevout) === undefined) return input;
  const { sequence, ...before } = input;
  const { value } = spent;
  const address = indexedAddress(spent, api.params);
  return { ...before, value: new FluxAmount(value), valueSat: value, address, sequence };
}

function spendingJson(outpoint: Outpoint, { index }: CommandContext): JsonObject {
  const spending = index.spending(outpoint);
  if (spending === undefined) return {};
  return {
    spentTxId: toDisplayHex(spending.txid),
    spentIndex: spending.index,
    spentHeight: spending.height,
  };
}

/** As getrawtransaction shows it: with its bytes, and with its block if it is in one. */
export function expandedTransaction(tx: Transaction, context: CommandContext): JsonObject {
  return {
    hex: toWireHex(transactionBytes(tx)),
    ...transactionResult(tx, context),
    ...minedJson(tx, context),
  };
}

function minedJson(tx: Transaction, { index, api }: CommandContext): JsonObject {
  const mined = index.transaction(knownTxid(tx));
  if (mined === undefined) return {};
  const { chain } = api.node;
  const { tree } = chain.shared;
  const row = index.rowAt(mined.height)!;
  const time = tree.time(row);
  return {
    blockhash: toDisplayHex(tree.hash(row)),
    height: mined.height,
    confirmations: confirmations(chain, row),
    time,
    blocktime: time,
  };
}
