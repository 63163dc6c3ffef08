import { addressScript, decodeAddress, equalBytes, type Params, toDisplayHex, wireHex } from "@fluxlab/core";
import { FluxAmount, type Json, JsonMembers, type JsonObject } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import { addressKey } from "../chainIndex.ts";
import { type Command, type CommandContext, type CommandGroup, walletOf } from "../command.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { blocksToMaturity, counts, WalletHistory, type WalletTransaction } from "../wallet/history.ts";

// What the wallet's transactions come to, by address and by account. Source: fluxd src/wallet/rpcwallet.cpp.

/** fluxd knows one account, the nameless. Source: fluxd AccountFromValue. @throws RpcError */
export function theAccount(name: string): "" {
  if (name !== "") throw new RpcError(RPC.accountsUnsupported, "Accounts are unsupported");
  return "";
}

/** Addresses in the order of fluxd's maps. */
export const sortedAddresses = (addresses: Iterable<string>, params: Params): string[] =>
  [...addresses]
    .flatMap((address) => {
      const destination = decodeAddress(address, params);
      return destination === undefined ? [] : [[addressKey(destination), address] as const];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, address]) => address);

const least = (args: Args, position: number): number => args.at(position).or(1, (arg) => arg.integer());
const flag = (args: Args, position: number): boolean => args.at(position).or(false, (arg) => arg.flag());

/** The account whose an address is: what is not in the book belongs to the nameless one. */
const accountOf = (history: WalletHistory, address: string | undefined): string =>
  (address === undefined ? undefined : history.wallet.labelOf(address)) ?? "";

/** Transactions that count in balances: none that lost its place, no coinbase that is too young. */
const counted = (history: WalletHistory, context: CommandContext): WalletTransaction[] =>
  history.byId().filter((each) => each.depth >= 0 && blocksToMaturity(each, context) === 0);

/** Satoshi by account. */
function balances(
  context: CommandContext,
  { confirmations, watching }: { readonly confirmations: number; readonly watching: boolean },
): Map<string, bigint> {
  const history = new WalletHistory(context);
  const sums = new Map<string, bigint>();
  const add = (account: string, value: bigint): void =>
    void sums.set(account, (sums.get(account) ?? 0n) + value);
  for (const [address, account] of Object.entries(history.wallet.book)) {
    if (counts(history.ownershipOf(address), watching)) add(account, 0n);
  }
  for (const transaction of counted(history, context)) {
    const { received, sent, fee } = history.amounts(transaction, watching);
    const from = transaction.note?.from ?? "";
    add(from, -fee);
    for (const { value } of sent) add(from, -value);
    if (transaction.depth < confirmations) continue;
    for (const { address, value } of received) add(accountOf(history, address), value);
  }
  return sums;
}

function getBalance(args: Args, context: CommandContext): Json {
  const wallet = walletOf(context);
  if (args.count === 0) return new FluxAmount(wallet.balance(context.index, context.api.node));
  const confirmations = least(args, 1);
  const watching = flag(args, 2);
  const account = args.at(0).text();
  if (account !== "*") theAccount(account);
  const sums = balances(context, { confirmations, watching });
  const all = [...sums.values()].reduce((sum, value) => sum + value, 0n);
  return new FluxAmount(account === "*" ? all : (sums.get("") ?? 0n));
}

function listAccounts(args: Args, context: CommandContext): Json {
  const sums = balances(context, { confirmations: least(args, 0), watching: flag(args, 1) });
  return new JsonMembers(
    [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([account, sum]) => [account, new FluxAmount(sum)]),
  );
}

/** Payments to addresses of the wallet, coinbases left out. */
function* receipts(
  history: WalletHistory,
  confirmations: number,
): Generator<{ transaction: WalletTransaction; own: WalletTransaction["own"][number]; address: string }> {
  for (const transaction of history.byId()) {
    if (transaction.coinbase || transaction.depth < confirmations) continue;
    for (const own of [...transaction.own, ...transaction.bare])
      yield { transaction, own, address: history.addressOf(own.output)! };
  }
}

function receivedByAddress(args: Args, context: CommandContext): Json {
  const history = new WalletHistory(context);
  const script = addressScript(args.at(0).text(), context.api.params);
  if (script === undefined) throw new RpcError(RPC.notFound, "Invalid Flux address");
  let sum = 0n;
  for (const { own } of receipts(history, least(args, 1))) {
    if (equalBytes(own.output.scriptPubKey, script)) sum += own.output.value;
  }
  return new FluxAmount(sum);
}

function receivedByAccount(args: Args, context: CommandContext): Json {
  const history = new WalletHistory(context);
  const confirmations = least(args, 1);
  const account = theAccount(args.at(0).text());
  let sum = 0n;
  for (const { own, address } of receipts(history, confirmations)) {
    if (history.wallet.labelOf(address) === account) sum += own.output.value;
  }
  return new FluxAmount(sum);
}

/** What an address was paid. */
interface Tally {
  sum: bigint;
  /** Of the youngest payment; 0: there was none. */
  confirmations: number;
  readonly txids: string[];
}

/** By address of the book. `includeEmpty`: those too that were paid nothing. */
function tallies(args: Args, history: WalletHistory, { api }: CommandContext): [address: string, Tally][] {
  const confirmations = least(args, 0);
  const includeEmpty = flag(args, 1);
  const watching = flag(args, 2);
  const found = new Map<string, Tally>();
  for (const { transaction, own, address } of receipts(history, confirmations)) {
    if (!counts(own.ownership, watching)) continue;
    const { depth, id } = transaction;
    const tally = found.get(address) ?? { sum: 0n, confirmations: depth, txids: [] };
    found.set(address, tally);
    tally.sum += own.output.value;
    tally.confirmations = Math.min(tally.confirmations, depth);
    tally.txids.push(toDisplayHex(wireHex(id)));
  }
  return sortedAddresses(Object.keys(history.wallet.book), api.params).flatMap((address) => {
    const tally = found.get(address);
    if (tally === undefined && !includeEmpty) return [];
    return [[address, tally ?? { sum: 0n, confirmations: 0, txids: [] }]];
  });
}

const watchedJson = (involved: boolean): JsonObject => (involved ? { involvesWatchonly: true } : {});

function listReceivedByAddress(args: Args, context: CommandContext): Json {
  const history = new WalletHistory(context);
  return tallies(args, history, context).map(([address, { sum, confirmations, txids }]) => ({
    ...watchedJson(txids.length > 0 && history.ownershipOf(address) === "watched"),
    address,
    account: accountOf(history, address),
    amount: new FluxAmount(sum),
    confirmations,
    txids,
  }));
}

function listReceivedByAccount(args: Args, context: CommandContext): Json {
  const history = new WalletHistory(context);
  const accounts = new Map<string, Tally & { watched: boolean }>();
  for (const [address, { sum, confirmations, txids }] of tallies(args, history, context)) {
    const account = accountOf(history, address);
    const known = accounts.get(account);
    const paid = [known, { txids, confirmations }].filter(
      (each) => each !== undefined && each.txids.length > 0,
    );
    accounts.set(account, {
      sum: (known?.sum ?? 0n) + sum,
      confirmations: Math.min(...(paid.length === 0 ? [0] : paid.map((each) => each!.confirmations))),
      txids: [...(known?.txids ?? []), ...txids],
      // As in fluxd, that of the account's last address alone.
      watched: txids.length > 0 && history.ownershipOf(address) === "watched",
    });
  }
  return [...accounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([account, { sum, confirmations, watched }]) => ({
      ...watchedJson(watched),
      account,
      amount: new FluxAmount(sum),
      confirmations,
    }));
}

/** Addresses that transactions showed to be of one owner. Source: fluxd src/wallet/wallet.cpp CWallet::GetAddressGroupings. */
function groupings(history: WalletHistory): ReadonlySet<ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  const join = (addresses: readonly string[]): void => {
    const whole = new Set(addresses.flatMap((each) => [each, ...(groups.get(each) ?? [])]));
    for (const each of whole) groups.set(each, whole);
  };
  for (const transaction of history.byId()) {
    const outputs = transaction.own.map(({ output }) => history.addressOf(output)!);
    const inputs = history.ownInputs(transaction).map((output) => history.addressOf(output)!);
    const change = outputs.filter((each) => history.wallet.labelOf(each) === undefined);
    if (inputs.length > 0) join([...inputs, ...change]);
    for (const output of outputs) join([output]);
  }
  return new Set(groups.values());
}

/** Satoshi that addresses hold. Source: fluxd src/wallet/wallet.cpp CWallet::GetAddressBalances. */
function holdings(history: WalletHistory, context: CommandContext): Map<string, bigint> {
  const held = new Map<string, bigint>();
  for (const transaction of counted(history, context)) {
    if (!history.isTrusted(transaction)) continue;
    for (const { vout, output } of transaction.own) {
      const address = history.addressOf(output)!;
      const value = history.isSpent(transaction, vout) ? 0n : output.value;
      held.set(address, (held.get(address) ?? 0n) + value);
    }
  }
  return held;
}

function listAddressGroupings(_args: Args, context: CommandContext): Json {
  const history = new WalletHistory(context);
  const held = holdings(history, context);
  const { params } = context.api;
  const groups = [...groupings(history)].map((group) => sortedAddresses(group, params));
  const order = new Map(
    sortedAddresses(
      groups.map(([first]) => first!),
      params,
    ).map((each, i) => [each, i]),
  );
  return groups
    .sort(([a], [b]) => order.get(a!)! - order.get(b!)!)
    .map((group) =>
      group.map((address) => {
        const account = history.wallet.labelOf(address);
        const amount = new FluxAmount(held.get(address) ?? 0n);
        return account === undefined ? [address, amount] : [address, amount, account];
      }),
    );
}

const command = (
  name: string,
  usage: string,
  help: string,
  takes: Command["takes"],
  run: Command["run"],
): Command => ({ name, usage: usage === "" ? name : `${name} ${usage}`, help, takes, run });

export const walletTotalsCommands: CommandGroup = {
  category: "Wallet",
  commands: [
    command(
      "getbalance",
      '( "account" minconf includeWatchonly )',
      'What can be spent; with an account, "" or "*": what came with so many confirmations, less what went.',
      [0, 3],
      getBalance,
    ),
    command(
      "listaccounts",
      "( minconf includeWatchonly )",
      "Balances by account: the nameless one, and those that imported keys came with.",
      [0, 2],
      listAccounts,
    ),
    command(
      "getreceivedbyaddress",
      '"address" ( minconf )',
      "What an address was paid, coinbases left out.",
      [1, 2],
      receivedByAddress,
    ),
    command(
      "getreceivedbyaccount",
      '"account" ( minconf )',
      "What the addresses of an account were paid, coinbases left out.",
      [1, 2],
      receivedByAccount,
    ),
    command(
      "listreceivedbyaddress",
      "( minconf includeempty includeWatchonly )",
      "What each address of the address book was paid, coinbases left out.",
      [0, 3],
      listReceivedByAddress,
    ),
    command(
      "listreceivedbyaccount",
      "( minconf includeempty includeWatchonly )",
      "The same by account.",
      [0, 3],
      listReceivedByAccount,
    ),
    command(
      "listaddressgroupings",
      "",
      "Addresses that transactions showed to be of one owner, and what they hold.",
      [0, Number.POSITIVE_INFINITY],
      listAddressGroupings,
    ),
  ],
};
