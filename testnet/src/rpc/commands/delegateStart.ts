import {
  type CollateralOwner,
  DELEGATE_SIGNING,
  encodeAddress,
  equalBytes,
  type FluxnodeStart,
  isPublicKeyForm,
  keyId,
  type Outpoint,
  outpointKey,
  parseWireHex,
  scriptIdOf,
  signStart,
  startVersion6,
} from "@fluxlab/core";
import type { JsonObject } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import type { CommandContext, CommandGroup } from "../command.ts";
import { blockOf } from "../results/blockResult.ts";
import { sendTransaction } from "../sending.ts";
import { NotStarted, obstacle, orReason } from "../starting.ts";
import { readKey } from "./rawTransactions.ts";

// STARTs that a delegate signs in the owner's place. What the owner said in an earlier START is looked up if it is not given.
// Source: fluxd src/rpc/fluxnode.cpp startfluxnodeasdelegate, startp2shasdelegate, FindFluxnodeTxForCollateral.

/** The latest START of a collateral in the chain whose keys can be used; there are none from before KAMATA. */
function lastStart(collateral: Outpoint, context: CommandContext): FluxnodeStart | undefined {
  const { api, index } = context;
  const key = outpointKey(collateral);
  const first = Math.max(api.params.upgrades.kamata.height, 0);
  for (let height = api.node.chain.tipHeight; height >= first; height--) {
    for (const tx of blockOf(context, index.rowAt(height)!).transactions) {
      if (tx.kind !== "fluxnodeStart" || outpointKey(tx.collateral) !== key) continue;
      if (tx.pubkey.length > 0 && tx.collateralPubkey.length + tx.redeemScript.length > 0) return tx;
    }
  }
  return undefined;
}

/** A parameter that may be left out or empty, in hex. */
function given(args: Args, at: number, what: string): Uint8Array | undefined {
  const text = args.at(at).or("", (arg) => arg.text());
  if (text === "") return undefined;
  const bytes = parseWireHex(text);
  if (bytes === undefined) throw new NotStarted(`Invalid ${what}`);
  return bytes;
}

/** The same of a public key. */
function givenKey(args: Args, at: number, what: string): Uint8Array | undefined {
  const key = given(args, at, what);
  if (key !== undefined && !isPublicKeyForm(key)) throw new NotStarted(`Invalid ${what}`);
  return key;
}

function collateralOf(args: Args): Outpoint {
  const index = Number(args.at(1).text());
  if (!Number.isInteger(index) || index < 0) throw new NotStarted("Invalid output index");
  return { txid: args.at(0).hash(), index };
}

/** Source of the collateral's owner: the fifth parameter, or what was started before. */
function ownerOf(
  args: Args,
  type: CollateralOwner["type"],
  before: () => FluxnodeStart | undefined,
): CollateralOwner {
  const missing = (what: string) =>
    new NotStarted(`Could not find ${what} in blockchain. Please provide it as a parameter.`);
  if (type === "key") {
    const publicKey = givenKey(args, 4, "collateral public key") ?? before()?.collateralPubkey;
    if (publicKey === undefined || publicKey.length === 0) throw missing("collateral public key");
    return { type, publicKey };
  }
  const redeemScript = given(args, 4, "redeem script") ?? before()?.redeemScript;
  if (redeemScript === undefined || redeemScript.length === 0) throw missing("redeem script");
  return { type, redeemScript };
}

const startAsDelegate =
  (type: CollateralOwner["type"]) =>
  (args: Args, context: CommandContext): JsonObject => {
    const answer = orReason(() => ({ started: start(args, type, context) }));
    return "reason" in answer ? { result: "failed", error: answer.reason } : answer.started;
  };

function start(args: Args, type: CollateralOwner["type"], context: CommandContext): JsonObject {
  const { api } = context;
  const collateral = collateralOf(args);
  const reason = obstacle(collateral, context);
  if (reason !== undefined) throw new NotStarted(reason);
  const delegate = readKey(args.at(2).text(), context);
  const state = api.node.chain.state();
  const delegates = state.delegates(collateral);
  if (delegates.length === 0) throw new NotStarted("No delegates are authorized for this collateral");
  if (!delegates.some((key) => equalBytes(key, delegate.publicKey)))
    throw new NotStarted("This delegate key is not authorized for this collateral");
  if (state.coin(collateral) === undefined) throw new NotStarted("Collateral transaction not found");
  let found: FluxnodeStart | undefined;
  const before = (): FluxnodeStart | undefined => {
    found ??= lastStart(collateral, context);
    return found;
  };
  const nodeKey = givenKey(args, 3, "VPS public key") ?? before()?.pubkey;
  if (nodeKey === undefined)
    throw new NotStarted("Could not find VPS public key in blockchain. Please provide it as a parameter.");
  const owner = ownerOf(args, type, before);
  const plan = { collateral, owner, nodeKey, sigTime: api.node.adjustedTime, delegates: DELEGATE_SIGNING };
  const tx = signStart(api.node.chain.shared.verifier.ecdsa, startVersion6(plan), delegate);
  const address = (kind: "keyHash" | "scriptHash", id: Uint8Array) =>
    encodeAddress({ type: kind, id }, api.params);
  return {
    result: "success",
    txid: sendTransaction(tx, context),
    delegate: address("keyHash", keyId(delegate.publicKey)),
    ...(owner.type === "script" ? { p2sh: address("scriptHash", scriptIdOf(owner.redeemScript)) } : {}),
  };
}

export const delegateStartCommands: CommandGroup = {
  category: "Fluxnode",
  commands: [
    {
      name: "startfluxnodeasdelegate",
      usage: 'startfluxnodeasdelegate "txid" "index" "delegatekey" ( "vpspubkey" "collateralpubkey" )',
      help: "Sends a START signed by a delegate. Keys that are not given are those of the START before.",
      takes: [3, 5],
      run: startAsDelegate("key"),
    },
    {
      name: "startp2shasdelegate",
      usage: 'startp2shasdelegate "txid" "index" "delegatekey" ( "vpspubkey" "redeemscript" )',
      help: "The same for a collateral of several owners.",
      takes: [3, 5],
      run: startAsDelegate("script"),
    },
  ],
};
