import {
  type OrdinaryTransaction,
  parseDisplayHash,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  transactionSize,
  transactionValueOut,
  wireHex,
} from "@fluxlab/core";
import { FluxAmount, type Json, type JsonObject, joinSplitJson } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import type { CommandContext, CommandGroup } from "../command.ts";
import { RPC, RpcError } from "../rpcError.ts";
import {
  blocksToMaturity,
  counts,
  debitOf,
  type Payment,
  WalletHistory,
  type WalletTransaction,
} from "../wallet/history.ts";

// What the wallet sent and received, transaction by transaction. Source: fluxd src/wallet/rpcwallet.cpp.

/** Every account. */
const ALL = "*";

/** How transactions are listed. */
interface Listing {
  /** {@link ALL}, or the one account wanted: "", or the address that sendfrom was given. */
  readonly account: string;
  /** What is only looked at counts as the wallet's. */
  readonly watching: boolean;
  /** With what is the same for all entries of a transaction. */
  readonly long: boolean;
}

/** Source: fluxd WalletTxToJSON. */
function factsJson(
  transaction: WalletTransaction,
  history: WalletHistory,
  context: CommandContext,
): JsonObject {
  const { depth, coinbase, mined, time, note } = transaction;
  const { api, index } = context;
  const { tree } = api.node.chain.shared;
  const tx = history.transaction(transaction.id);
  const row = mined && index.rowAt(mined.height)!;
  return {
    confirmations: depth,
    ...(coinbase ? { generated: true } : {}),
    ...(mined === undefined || row === undefined
      ? {}
      : {
          blockhash: toDisplayHex(tree.hash(row)),
          blockindex: mined.position,
          blocktime: tree.time(row),
          expiryheight: tx.expiryHeight,
        }),
    txid: displayed(transaction.id),
    walletconflicts: history.conflicts(transaction).map(displayed),
    time,
    timereceived: time,
    ...(note === undefined || note.comment === "" ? {} : { comment: note.comment }),
    ...(note === undefined || note.to === "" ? {} : { to: note.to }),
    vJoinSplit: tx.shielded.joinSplits.map(joinSplitJson),
  };
}

const displayed = (id: string): string => toDisplayHex(wireHex(id));

/** A transaction's payments, an entry each. Source: fluxd ListTransactions. */
function entriesOf(
  transaction: WalletTransaction,
  history: WalletHistory,
  context: CommandContext,
  { account, watching, long }: Listing,
): JsonObject[] {
  const { depth, note, spent } = transaction;
  const { received, sent, fee } = history.amounts(transaction, watching);
  const from = note?.from ?? "";
  if (received.length + sent.length === 0) return [];
  const facts = {
    ...(long ? factsJson(transaction, history, context) : {}),
    size: transactionSize(history.transaction(transaction.id)),
  };
  const wanted = (each: string): boolean => account === ALL || account === each;
  const entry = ({ address, value, vout }: Payment, owner: string, what: JsonObject): JsonObject => {
    const watched =
      spent.watched > 0n || (address !== undefined && history.ownershipOf(address) === "watched");
    const { category, ...more } = what;
    return {
      ...(watched ? { involvesWatchonly: true } : {}),
      account: owner,
      ...(address === undefined ? {} : { address }),
      category,
      amount: new FluxAmount(value),
      vout,
      ...more,
      ...facts,
    };
  };
  const outgoing = { category: "send", fee: new FluxAmount(-fee) };
  const sends = wanted(from)
    ? sent.map((each) => entry({ ...each, value: -each.value }, from, outgoing))
    : [];
  if (depth < 0) return sends; // so fluxd never shows the "orphan" that it has a word for
  const incoming = { category: incomingCategory(transaction, context) };
  const receipts = received.flatMap((each) => {
    const owner = each.address === undefined ? "" : (history.wallet.labelOf(each.address) ?? "");
    return wanted(owner) ? [entry(each, owner, incoming)] : [];
  });
  return [...sends, ...receipts];
}

function incomingCategory(transaction: WalletTransaction, context: CommandContext): string {
  if (!transaction.coinbase) return "receive";
  return blocksToMaturity(transaction, context) > 0 ? "immature" : "generate";
}

function listTransactions(args: Args, context: CommandContext): Json {
  const history = new WalletHistory(context);
  const account = args.at(0).or(ALL, (arg) => arg.text());
  const count = args.at(1).or(10, (arg) => arg.integer());
  const from = args.at(2).or(0, (arg) => arg.integer());
  const watching = args.at(3).or(false, (arg) => arg.flag());
  if (count < 0) throw new RpcError(RPC.parameter, "Negative count");
  if (from < 0) throw new RpcError(RPC.parameter, "Negative from");
  const newestFirst: JsonObject[] = [];
  for (const transaction of history.byArrival().reverse()) {
    newestFirst.push(...entriesOf(transaction, history, context, { account, watching, long: true }));
    if (newestFirst.length >= count + from) break;
  }
  return newestFirst.slice(from, from + count).reverse();
}

function listSinceBlock(args: Args, context: CommandContext): Json {
  const history = new WalletHistory(context);
  const { index, api } = context;
  const { tipHeight, shared } = api.node.chain;
  const since = args.at(0).or(undefined, (arg) => parseDisplayHash(arg.text()));
  const target = args.at(1).or(1, (arg) => arg.integer());
  if (target < 1) throw new RpcError(RPC.parameter, "Invalid parameter");
  const watching = args.at(2).or(false, (arg) => arg.flag());
  const sinceRow = since === undefined ? -1 : shared.tree.find(since);
  const depthBelow = sinceRow < 0 ? Number.POSITIVE_INFINITY : tipHeight + 1 - shared.tree.height(sinceRow);
  const last = index.rowAt(tipHeight + 1 - target);
  return {
    transactions: history
      .byId()
      .filter(({ depth }) => depth < depthBelow)
      .flatMap((each) => entriesOf(each, history, context, { account: ALL, watching, long: true })),
    lastblock: last === undefined ? "00".repeat(32) : toDisplayHex(shared.tree.hash(last)),
  };
}

/** Satoshi that a transaction brings the wallet. Source: fluxd src/wallet/wallet.cpp CWalletTx::GetCredit. */
function creditOf(transaction: WalletTransaction, watching: boolean, context: CommandContext): bigint {
  if (blocksToMaturity(transaction, context) > 0) return 0n;
  return transaction.own
    .filter(({ ownership }) => counts(ownership, watching))
    .reduce((sum, { output }) => sum + output.value, 0n);
}

function getTransaction(args: Args, context: CommandContext): Json {
  const history = new WalletHistory(context);
  const txid = parseDisplayHash(args.at(0, "txid").text());
  const watching = args.at(1).or(false, (arg) => arg.flag());
  const transaction = txid && history.find(toWireHex(txid));
  if (transaction === undefined) throw new RpcError(RPC.notFound, "Invalid or non-wallet transaction id");
  const tx: OrdinaryTransaction = history.transaction(transaction.id);
  const debit = debitOf(transaction, watching);
  const fee = debit > 0n ? transactionValueOut(tx) - debit : 0n;
  return {
    amount: new FluxAmount(creditOf(transaction, watching, context) - debit - fee),
    ...(debit > 0n ? { fee: new FluxAmount(fee) } : {}),
    ...factsJson(transaction, history, context),
    details: entriesOf(transaction, history, context, { account: ALL, watching, long: false }),
    hex: toWireHex(transactionBytes(tx)),
  };
}

export const walletHistoryCommands: CommandGroup = {
  category: "Wallet",
  commands: [
    {
      name: "gettransaction",
      usage: 'gettransaction "txid" ( includeWatchonly )',
      help: "A transaction from the wallet's side.",
      takes: [1, 2],
      run: getTransaction,
    },
    {
      name: "listtransactions",
      usage: 'listtransactions ( "account" count from includeWatchonly )',
      help: "The last payments to and from the wallet, the newest last.",
      takes: [0, 4],
      run: listTransactions,
    },
    {
      name: "listsinceblock",
      usage: 'listsinceblock ( "blockhash" target-confirmations includeWatchonly )',
      help: "Payments in blocks after one and in the pool, and the block to ask with the next time.",
      takes: [0, Number.POSITIVE_INFINITY],
      run: listSinceBlock,
    },
  ],
};
