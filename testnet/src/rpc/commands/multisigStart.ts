import {
  delegateUpdate,
  equalBytes,
  type FluxnodeStart,
  isPublicKeyForm,
  type KeyPair,
  keyId,
  MAX_DELEGATES,
  matchMultisigScript,
  ponHeightReached,
  scriptDestination,
  scriptIdOf,
  signStart,
  startVersion6,
  toWireHex,
  transactionBytes,
  usableKeys,
} from "@fluxlab/core";
import type { Json } from "@fluxlab/core/host";
import type { Arg, Args } from "../args.ts";
import { type CommandContext, type CommandGroup, walletOf } from "../command.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { nextHeight, sendTransaction } from "../sending.ts";
import { decodeTransaction, readKey } from "./rawTransactions.ts";

// STARTs of collaterals that several own: one makes it, another may sign it elsewhere, a third sends it.
// Source: fluxd src/rpc/fluxnode.cpp createp2shstarttx, signp2shstarttx, sendp2shstarttx.

/** Keys of delegates, each once. @throws RpcError naming the first that is wrong */
function readDelegates(list: Arg): Uint8Array[] {
  const keys: Uint8Array[] = [];
  const wrong = (what: string) => new RpcError(RPC.parameter, what);
  const args = list.list();
  if (args.length > MAX_DELEGATES) throw wrong(`Too many delegates. Maximum is ${MAX_DELEGATES}`);
  for (const [at, arg] of args.entries()) {
    const key = arg.hex();
    if (!isPublicKeyForm(key)) throw wrong(`Invalid delegate public key at index ${at}`);
    if (key.length !== 33) throw wrong(`Delegate public key at index ${at} must be compressed`);
    if (keys.some((each) => equalBytes(each, key)))
      throw wrong(`Duplicate delegate public key at index ${at}`);
    keys.push(key);
  }
  return keys;
}

function create(args: Args, context: CommandContext): Json {
  const { node, params } = context.api;
  const redeemScript = args.at(0).hex();
  const nodeKey = args.at(1).hex();
  if (!isPublicKeyForm(nodeKey)) throw new RpcError(RPC.parameter, "Invalid VPS public key");
  const collateral = { txid: args.at(2).hash(), index: args.at(3).integer() };
  const delegates = args.at(4).or([], readDelegates);
  if (delegates.length > 0 && !ponHeightReached(params.upgrades, nextHeight(context)))
    throw new RpcError(RPC.parameter, "Delegates come with proof of node, which has not begun");
  const coin = node.chain.state().coin(collateral);
  if (coin === undefined) throw new RpcError(RPC.verify, "Coins not found in chain");
  const destination = scriptDestination(coin.scriptPubKey);
  if (destination === undefined) throw new RpcError(RPC.verify, "Couldn't extract destination from coins");
  if (destination.type !== "scriptHash" || !equalBytes(destination.id, scriptIdOf(redeemScript)))
    throw new RpcError(RPC.verify, "Address not matching Redeemscript hash");
  const tx = startVersion6({
    ...{ collateral, owner: { type: "script", redeemScript }, nodeKey, sigTime: 0 },
    ...(delegates.length > 0 ? { delegates: delegateUpdate(delegates) } : {}),
  });
  return toWireHex(transactionBytes(tx));
}

/** Keys of its owners. @throws RpcError if it is not a START of several owners */
function ownersOf(tx: FluxnodeStart): Uint8Array[] {
  const multisig = matchMultisigScript(tx.redeemScript);
  if (multisig === undefined) throw new RpcError(RPC.notFound, "Failed to get pubkeys from redeemscript");
  return usableKeys(multisig);
}

/** The first of the owners whose key the wallet has. */
function keyOfWallet(owners: readonly Uint8Array[], context: CommandContext): KeyPair {
  const wallet = walletOf(context, "keys");
  for (const owner of owners) {
    const key = wallet.key(keyId(owner));
    if (key !== undefined) return key;
  }
  throw new RpcError(RPC.wallet, "Private key not available");
}

function sign(args: Args, context: CommandContext): Json {
  const tx = decodeTransaction(args.at(0));
  if (tx.kind !== "fluxnodeStart")
    throw new RpcError(RPC.parameter, "The transaction is no START of a FluxNode");
  const owners = ownersOf(tx);
  const key = args.at(1).or(undefined, (arg) => readKey(arg.text(), context)) ?? keyOfWallet(owners, context);
  const { ecdsa } = context.api.node.chain.shared.verifier;
  const signed = signStart(ecdsa, { ...tx, sigTime: context.api.now() }, key);
  if (!owners.some((owner) => equalBytes(keyId(owner), keyId(key.publicKey))))
    throw new RpcError(RPC.notFound, "Signature Verify Failed");
  return toWireHex(transactionBytes(signed));
}

export const multisigStartCommands: CommandGroup = {
  category: "Fluxnode",
  commands: [
    {
      name: "createp2shstarttx",
      usage: 'createp2shstarttx "redeemscript" "vpspubkey" "txid" index ( ["delegatepubkey",...] )',
      help: "An unsigned START of a collateral that several own, in hex.",
      takes: [4, 5],
      run: create,
    },
    {
      name: "signp2shstarttx",
      usage: 'signp2shstarttx "hex" ( "privatekey" )',
      help: "Signs such a START with the key given or one of the wallet's. One owner's signature is enough.",
      takes: [1, 2],
      run: sign,
    },
    {
      name: "sendp2shstarttx",
      usage: 'sendp2shstarttx "hex"',
      help: "Sends such a START. Returns its txid.",
      takes: [1, 1],
      run: (args, context) => sendTransaction(decodeTransaction(args.at(0)), context),
    },
  ],
};
