import {
  addressScript,
  branchIdAt,
  DEFAULT_FEE_RATE,
  feeAtRate,
  type OrdinaryTransaction,
  type PlannedTransaction,
  planTransaction,
  signTransaction,
  type TxOutput,
  toWireHex,
  transactionBytes,
} from "@fluxlab/core";
import { FluxAmount, type Json } from "@fluxlab/core/host";
import { type CommandContext, walletOf } from "../command.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { nextHeight, sendTransaction } from "../sending.ts";

/** What a payment is about, for the owner's own records. */
export interface PaymentNote {
  readonly comment: string;
  readonly to: string;
  /** The one address whose coins pay, and that gets the change. */
  readonly from?: string;
}

/** Coins are chosen and change is added; nothing is signed. @throws RpcError if the wallet cannot pay */
function plan(
  payments: readonly TxOutput[],
  changeScript: Uint8Array,
  context: CommandContext,
  from?: string,
): PlannedTransaction {
  const { api, index } = context;
  const wallet = walletOf(context);
  const feeRate = wallet.feeRate > DEFAULT_FEE_RATE ? wallet.feeRate : DEFAULT_FEE_RATE;
  const coins = wallet.spendable(index, api.node, from);
  const made = planTransaction(
    { height: nextHeight(context), payments, coins, changeScript, feeRate },
    api.params,
  );
  switch (made.kind) {
    case "planned":
      return made;
    case "nothingToPay":
      throw new RpcError(RPC.wallet, "Transaction amounts must be positive");
    case "dustPayment":
      throw new RpcError(RPC.wallet, `Transaction amount too small: the least is ${made.valueMin} satoshi`);
    case "insufficientFunds":
      throw new RpcError(
        RPC.insufficientFunds,
        `Insufficient funds: ${made.available} satoshi can be spent, ${made.target} and a fee are needed`,
      );
  }
}

/** Takes the fee off these payments in equal parts, the first paying what is left over. */
function reduced(payments: readonly TxOutput[], payers: readonly number[], fee: bigint): TxOutput[] {
  const share = fee / BigInt(payers.length);
  const rest = fee % BigInt(payers.length);
  return payments.map((payment, i) => {
    const place = payers.indexOf(i);
    if (place < 0) return payment;
    const value = payment.value - share - (place === 0 ? rest : 0n);
    if (value <= 0n) throw new RpcError(RPC.wallet, "The transaction amount is too small to pay the fee");
    return { ...payment, value };
  });
}

/** Attempts to find a fee that pays for the transaction it is taken from. */
const FEE_ATTEMPTS = 10;

function planPaidBy(
  payments: readonly TxOutput[],
  payers: readonly number[],
  changeScript: Uint8Array,
  context: CommandContext,
  from: string | undefined,
): PlannedTransaction {
  if (payers.length === 0) return plan(payments, changeScript, context, from);
  let fee: bigint = feeAtRate(DEFAULT_FEE_RATE, 250);
  for (let i = 0; i < FEE_ATTEMPTS; i++) {
    const made = plan(reduced(payments, payers, fee), changeScript, context, from);
    if (made.fee <= fee) return made;
    ({ fee } = made);
  }
  throw new RpcError(RPC.wallet, "No fee was found that the recipients could pay");
}

/** Pays, and returns the transaction's id. `payers`: positions of payments that the fee is taken from. */
export function pay(
  payments: readonly TxOutput[],
  payers: readonly number[],
  note: PaymentNote,
  context: CommandContext,
): string {
  const { api } = context;
  const wallet = walletOf(context, "keys");
  const change = addressScript(note.from ?? wallet.changeAddress(), api.params)!;
  const planned = planPaidBy(payments, payers, change, context, note.from);
  const branch = branchIdAt(api.params.upgrades, nextHeight(context));
  const { ecdsa } = api.node.chain.shared.verifier;
  const signed = signTransaction(ecdsa, planned.tx, planned.coins, wallet.keys(), branch);
  if (signed.kind !== "signed") throw new RpcError(RPC.wallet, "Signing transaction failed");
  const txid = sendTransaction(signed.tx, context);
  const hex = toWireHex(transactionBytes(signed.tx));
  wallet.noteSent({ txid, hex, time: api.now(), height: api.node.chain.tipHeight, ...note });
  return txid;
}

/** Coins and change for a transaction that has outputs and no inputs. Source: fluxd src/rpc/rawtransaction.cpp fundrawtransaction. */
export function fundTransaction(tx: OrdinaryTransaction, context: CommandContext): Json {
  const wallet = walletOf(context);
  if (tx.inputs.length > 0)
    throw new RpcError(RPC.parameter, "The transaction has inputs: coins are added to one that has none");
  const change = addressScript(wallet.changeAddress(), context.api.params)!;
  const planned = plan(tx.outputs, change, context);
  const { inputs, outputs } = planned.tx;
  return {
    hex: toWireHex(transactionBytes({ ...tx, inputs, outputs })),
    changepos: planned.change > 0n ? outputs.length - 1 : -1,
    fee: new FluxAmount(planned.fee),
  };
}
