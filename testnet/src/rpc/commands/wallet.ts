import {
  addressScript,
  decodeAddress,
  encodeAddress,
  encodeBase64,
  encodeWif,
  keyId,
  outpointKey,
  scriptAddress,
  scriptIdOf,
  signMessage,
  type TxOutput,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import { FluxAmount, type Json, type JsonObject } from "@fluxlab/core/host";
import type { Arg, Args } from "../args.ts";
import { type Command, type CommandContext, type CommandGroup, walletOf } from "../command.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { WalletHistory } from "../wallet/history.ts";
import { type PaymentNote, pay } from "../wallet/payment.ts";
import type { WalletCoin } from "../wallet/wallet.ts";
import { WalletFile } from "../wallet/walletFile.ts";
import { readKey, readOutputs } from "./rawTransactions.ts";
import { keyIdOf, redeemScriptOf, utf8 } from "./util.ts";
import { theAccount } from "./walletTotals.ts";

// Source: fluxd src/wallet/rpcwallet.cpp, src/wallet/rpcdump.cpp.

const optionalText = (arg: Arg): string => arg.or("", (each) => each.text());

function sendToAddress(args: Args, context: CommandContext): Json {
  const address = args.at(0).text();
  const scriptPubKey = addressScript(address, context.api.params);
  if (scriptPubKey === undefined) throw new RpcError(RPC.notFound, "Invalid Flux address");
  const value = args.at(1).amount();
  if (value <= 0n) throw new RpcError(RPC.type, "Invalid amount for send");
  const note = { comment: optionalText(args.at(2)), to: optionalText(args.at(3)) };
  const payers = args.at(4).or(false, (arg) => arg.flag()) ? [0] : [];
  return pay([{ value, scriptPubKey }], payers, note, context);
}

/** Coins of one address only pay, if the first parameter names one: what fluxd made of its accounts. */
function payFrom(
  from: string,
  payments: readonly TxOutput[],
  payers: readonly number[],
  note: PaymentNote,
  context: CommandContext,
): Json {
  const wallet = walletOf(context, "keys");
  const held = wallet.spendable(context.index, context.api.node, from === "" ? undefined : from);
  const sum = (outputs: readonly TxOutput[]): bigint =>
    outputs.reduce((total, { value }) => total + value, 0n);
  if (sum(payments) > sum(held.map(({ output }) => output)))
    throw new RpcError(RPC.insufficientFunds, "Address has insufficient funds");
  return pay(payments, payers, from === "" ? note : { ...note, from }, context);
}

function sendFrom(args: Args, context: CommandContext): Json {
  walletOf(context);
  const from = args.at(0).text();
  const { params } = context.api;
  const scriptPubKey = addressScript(args.at(1).text(), params);
  if (scriptPubKey === undefined) throw new RpcError(RPC.notFound, "Invalid destination Flux address");
  if (from !== "" && decodeAddress(from, params) === undefined)
    throw new RpcError(RPC.notFound, "Invalid fromaccount Flux address");
  const value = args.at(2).amount();
  if (value <= 0n) throw new RpcError(RPC.type, "Invalid amount for send");
  const note = { comment: optionalText(args.at(4)), to: optionalText(args.at(5)) };
  return payFrom(from, [{ value, scriptPubKey }], [], note, context);
}

function sendMany(args: Args, context: CommandContext): Json {
  walletOf(context);
  const from = args.at(0).text();
  const payments: TxOutput[] = readOutputs(args.at(1), context.api.params);
  const addresses = args
    .at(1)
    .members()
    .map(([name]) => name);
  const payers = args
    .at(4)
    .or([], (arg) => arg.list())
    .map((arg) => addresses.indexOf(arg.text()));
  if (payers.includes(-1))
    throw new RpcError(RPC.parameter, "A fee can be taken only from an address that is paid");
  return payFrom(from, payments, payers, { comment: optionalText(args.at(3)), to: "" }, context);
}

function coinJson(coin: WalletCoin, { api, wallet }: CommandContext): JsonObject {
  const { outpoint, output, confirmations, spendable, coinbase } = coin;
  const address = scriptAddress(output.scriptPubKey, api.params);
  return {
    txid: toDisplayHex(outpoint.txid),
    vout: outpoint.index,
    generated: coinbase,
    address,
    account: address === undefined ? undefined : wallet?.labelOf(address),
    scriptPubKey: toWireHex(output.scriptPubKey),
    amount: new FluxAmount(output.value),
    confirmations,
    spendable,
  };
}

function listUnspent(args: Args, context: CommandContext): Json {
  const wallet = walletOf(context);
  const least = args.at(0).or(1, (arg) => arg.integer());
  const most = args.at(1).or(9_999_999, (arg) => arg.integer());
  const wanted = args.at(2).or(undefined, (arg) => arg.list().map((each) => each.text()));
  for (const address of wanted ?? []) {
    if (decodeAddress(address, context.api.params) === undefined) {
      throw new RpcError(RPC.notFound, `Invalid Flux address: ${address}`);
    }
  }
  return wallet
    .coins(context.index, context.api.node)
    .filter(({ confirmations, mature }) => mature && confirmations >= least && confirmations <= most)
    .filter(({ outpoint }) => !wallet.lockedCoins.has(outpointKey(outpoint)))
    .map((coin) => coinJson(coin, context))
    .filter(({ address }) => wanted === undefined || wanted.includes(address as string));
}

const sumOf = (coins: readonly WalletCoin[]): FluxAmount =>
  new FluxAmount(coins.reduce((sum, { output }) => sum + output.value, 0n));

const ownCoins = (context: CommandContext): WalletCoin[] =>
  walletOf(context)
    .coins(context.index, context.api.node)
    .filter(({ spendable }) => spendable);

function walletInfo(_args: Args, context: CommandContext): Json {
  const wallet = walletOf(context);
  const own = ownCoins(context);
  return {
    walletversion: wallet.version,
    balance: sumOf(own.filter(({ mature, trusted }) => mature && trusted)),
    unconfirmed_balance: sumOf(own.filter(({ trusted }) => !trusted)),
    immature_balance: sumOf(own.filter(({ mature }) => !mature)),
    txcount: new WalletHistory(context).size,
    keypoololdest: wallet.oldestKeyTime,
    keypoolsize: wallet.keyPoolSize,
    unlocked_until: wallet.unlockedUntil,
    paytxfee: new FluxAmount(wallet.feeRate),
  };
}

function signText(args: Args, context: CommandContext): Json {
  const wallet = walletOf(context, "keys");
  const key = wallet.key(keyIdOf(args.at(0).text(), context.api.params));
  if (key === undefined) throw new RpcError(RPC.wallet, "Private key not available");
  return encodeBase64(
    signMessage(context.api.node.chain.shared.verifier.ecdsa, key, utf8(args.at(1).text())),
  );
}

function dumpKey(args: Args, context: CommandContext): Json {
  const wallet = walletOf(context, "keys");
  const address = args.at(0).text();
  const key = wallet.key(keyIdOf(address, context.api.params));
  if (key === undefined) throw new RpcError(RPC.wallet, `Private key for address ${address} is not known`);
  return encodeWif(key, context.api.params);
}

function importKey(args: Args, context: CommandContext): Json {
  const wallet = walletOf(context, "keys");
  const key = readKey(args.at(0).text(), context);
  const label = optionalText(args.at(1));
  const address = encodeAddress({ type: "keyHash", id: keyId(key.publicKey) }, context.api.params);
  wallet.importKey(key);
  wallet.setLabel(address, label);
  return address;
}

function lockUnspent(args: Args, context: CommandContext): Json {
  const { lockedCoins } = walletOf(context);
  const unlock = args.at(0).flag();
  const outpoints = args
    .at(1)
    .or(undefined, (arg) =>
      arg.list().map((each) => ({ txid: each.get("txid").hash(), index: each.get("vout").integer() })),
    );
  if (outpoints === undefined && unlock) lockedCoins.clear();
  for (const outpoint of outpoints ?? []) {
    if (unlock) lockedCoins.delete(outpointKey(outpoint));
    else lockedCoins.set(outpointKey(outpoint), outpoint);
  }
  return true;
}

function unlockWallet(args: Args, context: CommandContext): Json {
  const wallet = walletOf(context);
  const seconds = args.at(1).wide();
  if (seconds <= 0) throw new RpcError(RPC.parameter, "Timeout must be positive");
  wallet.unlock(args.at(0).text(), seconds);
  return null;
}

/** A command of the wallet without much to it. */
const simple = (
  name: string,
  usage: string,
  help: string,
  takes: Command["takes"],
  run: Command["run"],
): Command => ({ name, usage: `${name}${usage === "" ? "" : ` ${usage}`}`, help, takes, run });

export const walletCommands: CommandGroup = {
  category: "Wallet",
  commands: [
    simple(
      "getnewaddress",
      '( "account" )',
      "An address nobody was told of before.",
      [0, 1],
      (args, context) => walletOf(context).newAddress(args.at(0).or("", (arg) => theAccount(arg.text()))),
    ),
    simple("getrawchangeaddress", "", "An address for change.", [0, 1], (_args, context) =>
      walletOf(context).changeAddress(),
    ),
    simple("getunconfirmedbalance", "", "What others sent and waits in the pool.", [0, 0], (_args, context) =>
      sumOf(ownCoins(context).filter(({ trusted }) => !trusted)),
    ),
    simple("getwalletinfo", "", "Balances and keys.", [0, 0], walletInfo),
    simple("listunspent", '( minconf maxconf ["address",...] )', "Coins of the wallet.", [0, 3], listUnspent),
    simple(
      "sendtoaddress",
      '"address" amount ( "comment" "to" subtractfee )',
      "Pays an address. Returns the transaction's id.",
      [2, 5],
      sendToAddress,
    ),
    simple(
      "sendfrom",
      '"fromaddress" "address" amount ( minconf "comment" "to" )',
      'Pays an address with the coins of another, or with any if that is "".',
      [3, 6],
      sendFrom,
    ),
    simple(
      "sendmany",
      '"fromaddress" {"address":amount,...} ( minconf "comment" ["address",...] )',
      "Pays several addresses at once; the fee can be taken from some of them.",
      [2, 5],
      sendMany,
    ),
    simple(
      "settxfee",
      "amount",
      "The fee per 1,000 bytes, in FLUX; 0 for the usual.",
      [1, 1],
      (args, context) => {
        walletOf(context).feeRate = args.at(0).amount();
        return true;
      },
    ),
    simple(
      "lockunspent",
      'unlock ( [{"txid":"id","vout":n},...] )',
      "Keeps coins from being chosen, or lets them.",
      [1, 2],
      lockUnspent,
    ),
    simple("listlockunspent", "", "Coins kept by lockunspent.", [0, 0], (_args, context) =>
      [...walletOf(context).lockedCoins.values()].map(({ txid, index }) => ({
        txid: toDisplayHex(txid),
        vout: index,
      })),
    ),
    simple(
      "dumpprivkey",
      '"address"',
      "The key of an address, in wallet import format. Whoever sees it can spend.",
      [1, 1],
      dumpKey,
    ),
    simple(
      "importprivkey",
      '"key" ( "label" rescan )',
      "Takes in a key. The index finds its coins at once, so nothing is rescanned.",
      [1, 3],
      importKey,
    ),
    simple(
      "importaddress",
      '"address" ( "label" rescan )',
      "Looks at an address without being able to spend from it.",
      [1, 3],
      (args, context) => {
        const wallet = walletOf(context);
        const address = args.at(0).text();
        const destination = decodeAddress(address, context.api.params);
        if (destination === undefined) throw new RpcError(RPC.notFound, "Invalid Flux address or script");
        if (wallet.owns(destination))
          throw new RpcError(
            RPC.wallet,
            "The wallet already contains the private key for this address or script",
          );
        wallet.watch(address);
        wallet.setLabel(address, optionalText(args.at(1)));
        return null;
      },
    ),
    simple(
      "addmultisigaddress",
      'nrequired ["key",...] ( "account" )',
      "Takes in a multisig address.",
      [2, 3],
      (args, context) => {
        const wallet = walletOf(context);
        const account = args.at(2).or("", (arg) => theAccount(arg.text()));
        const script = redeemScriptOf(args, context);
        wallet.addScript(script);
        const address = encodeAddress({ type: "scriptHash", id: scriptIdOf(script) }, context.api.params);
        wallet.setLabel(address, account);
        return address;
      },
    ),
    simple(
      "signmessage",
      '"address" "message"',
      "Signs a text with the key of an address.",
      [2, 2],
      signText,
    ),
    simple("keypoolrefill", "( newsize )", "Makes keys until so many are ready.", [0, 1], (args, context) => {
      walletOf(context, "keys").refill(args.at(0).or(100, (arg) => arg.integer()));
      return null;
    }),
    simple(
      "encryptwallet",
      '"passphrase"',
      "Encrypts all keys. They are locked until walletpassphrase.",
      [1, 1],
      (args, context) => {
        const passphrase = args.at(0).text();
        if (passphrase === "") throw new RpcError(RPC.parameter, "The passphrase must not be empty");
        walletOf(context).encrypt(passphrase);
        return "wallet encrypted; it is locked. Backups made before hold the keys as they were: remove them.";
      },
    ),
    simple(
      "walletpassphrase",
      '"passphrase" timeout',
      "Unlocks the keys for so many seconds.",
      [2, 2],
      unlockWallet,
    ),
    simple("walletpassphrasechange", '"old" "new"', "Changes the passphrase.", [2, 2], (args, context) => {
      walletOf(context).changePassphrase(args.at(0).text(), args.at(1).text());
      return null;
    }),
    simple("walletlock", "", "Locks the keys.", [0, 0], (_args, context) => {
      const wallet = walletOf(context);
      if (!wallet.encrypted)
        throw new RpcError(
          RPC.wrongEncryptionState,
          "Error: running with an unencrypted wallet, but walletlock was called.",
        );
      wallet.lock();
      return null;
    }),
    simple(
      "backupwallet",
      '"file"',
      "Copies the wallet, as encrypted as it is, to a file on the node's machine.",
      [1, 1],
      (args, context) => {
        walletOf(context).copyTo(new WalletFile(args.at(0).text()));
        return null;
      },
    ),
  ],
};
