import {
  addressScript,
  branchIdAt,
  DEFAULT_EXPIRY_DELTA,
  decodeWif,
  equalBytes,
  FINAL_SEQUENCE,
  type KeyPair,
  keyPair,
  matchTemplate,
  NOTHING_SHIELDED,
  type OrdinaryTransaction,
  type Params,
  ParseError,
  parseWhole,
  readBlock,
  readTransaction,
  SAPLING_GROUP_ID,
  SAPLING_VERSION,
  SIGHASH,
  type SpendableCoin,
  scriptIdOf,
  type Transaction,
  type TxOutput,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  upgradeActive,
} from "@fluxlab/core";
import { decodedScriptJson, type Json, signOrdinary } from "@fluxlab/core/host";
import type { Arg, Args } from "../args.ts";
import { type CommandContext, type CommandGroup, walletOf } from "../command.ts";
import { decodedBlock } from "../results/blockResult.ts";
import { expandedTransaction, transactionResult } from "../results/transactionResult.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { nextHeight, sendTransaction } from "../sending.ts";
import { fundTransaction } from "../wallet/payment.ts";

// Source: fluxd src/rpc/rawtransaction.cpp.

/** @throws RpcError if the bytes are no transaction */
/** @throws RpcError if it is no transaction */
export function decodeTransaction(hex: Arg): Transaction {
  const tx = parseWhole(hex.hex(), readTransaction);
  if (tx instanceof ParseError) throw new RpcError(RPC.deserialization, "TX decode failed");
  return tx;
}

function ordinary(hex: Arg): OrdinaryTransaction {
  const tx = decodeTransaction(hex);
  if (tx.kind !== "ordinary")
    throw new RpcError(RPC.parameter, "FluxNode transactions spend nothing that could be signed");
  return tx;
}

/** From the pool, or of a block. */
export function findTransaction(txid: Uint8Array, { api, index }: CommandContext): Transaction | undefined {
  return api.node.mempool.pool.get(txid)?.tx ?? index.transaction(txid)?.tx;
}

function getRawTransaction(args: Args, context: CommandContext): Json {
  const tx = findTransaction(args.at(0, "parameter 1").hash(), context);
  if (tx === undefined) throw new RpcError(RPC.notFound, "No information available about transaction");
  const verbose = args
    .at(1)
    .or(false, (arg) => (typeof arg.value === "boolean" ? arg.value : arg.integer() !== 0));
  return verbose ? expandedTransaction(tx, context) : toWireHex(transactionBytes(tx));
}

/** Heights from here on are times. Source: fluxd src/consensus/consensus.h TX_EXPIRY_HEIGHT_THRESHOLD. */
const EXPIRY_LIMIT = 500_000_000;
/** Source: fluxd src/main.h TX_EXPIRING_SOON_THRESHOLD. */
const EXPIRING_SOON = 3;

function expiryHeight(arg: Arg, height: number, sapling: boolean): number {
  if (arg.absent) return sapling ? height + DEFAULT_EXPIRY_DELTA : 0;
  if (!sapling) {
    throw new RpcError(
      RPC.parameter,
      "Invalid parameter, expiryheight can only be used if Overwinter is active when the transaction is mined",
    );
  }
  const expiry = arg.wide();
  if (expiry < 0 || expiry >= EXPIRY_LIMIT) {
    throw new RpcError(
      RPC.parameter,
      `Invalid parameter, expiryheight must be nonnegative and less than ${EXPIRY_LIMIT}`,
    );
  }
  if (expiry !== 0 && expiry < height + EXPIRING_SOON) {
    throw new RpcError(
      RPC.parameter,
      `Invalid parameter, expiryheight should be at least ${height + EXPIRING_SOON} to avoid transaction expiring soon`,
    );
  }
  return expiry;
}

function createRawTransaction(args: Args, context: CommandContext): Json {
  const { params } = context.api;
  const height = nextHeight(context);
  const sapling = upgradeActive(params.upgrades, "acadia", height);
  const lockTime = args.at(2).or(0, (arg) => arg.wide());
  if (lockTime < 0 || lockTime > 0xffff_ffff)
    throw new RpcError(RPC.parameter, "Invalid parameter, locktime out of range");
  const tx: OrdinaryTransaction = {
    kind: "ordinary",
    overwintered: sapling,
    version: sapling ? SAPLING_VERSION : 1,
    versionGroupId: sapling ? SAPLING_GROUP_ID : 0,
    inputs: args
      .at(0)
      .list()
      .map((arg) => readInput(arg, lockTime)),
    outputs: readOutputs(args.at(1), params),
    lockTime,
    expiryHeight: expiryHeight(args.at(3), height, sapling),
    shielded: NOTHING_SHIELDED,
  };
  return toWireHex(transactionBytes(tx));
}

function readInput(arg: Arg, lockTime: number): OrdinaryTransaction["inputs"][number] {
  const txid = arg.get("txid").hash();
  const vout = arg.get("vout");
  if (typeof vout.value !== "number")
    throw new RpcError(RPC.parameter, "Invalid parameter, missing vout key");
  const index = vout.integer();
  if (index < 0) throw new RpcError(RPC.parameter, "Invalid parameter, vout must be positive");
  const usual = lockTime === 0 ? FINAL_SEQUENCE : FINAL_SEQUENCE - 1;
  const sequence = arg.get("sequence").or(usual, (value) => value.wide());
  if (sequence < 0 || sequence > FINAL_SEQUENCE) {
    throw new RpcError(RPC.parameter, "Invalid parameter, sequence number is out of range");
  }
  return { prevout: { txid, index }, scriptSig: new Uint8Array(0), sequence };
}

/** {address: amount…}, each address once: a request's members keep the last of equal names, so that is checked by the server. */
export function readOutputs(arg: Arg, params: Params): TxOutput[] {
  return arg.members().map(([address, amount]) => {
    const scriptPubKey = addressScript(address, params);
    if (scriptPubKey === undefined) throw new RpcError(RPC.notFound, `Invalid Flux address: ${address}`);
    return { value: amount.amount(), scriptPubKey };
  });
}

const HASH_TYPES: Readonly<Record<string, number>> = Object.fromEntries(
  (["ALL", "NONE", "SINGLE"] as const).flatMap((name) => [
    [name, SIGHASH[name]],
    [`${name}|ANYONECANPAY`, SIGHASH[name] | SIGHASH.ANYONE_CAN_PAY],
  ]),
);

function hashType(arg: Arg): number {
  const type = HASH_TYPES[arg.or("ALL", (value) => value.text())];
  if (type === undefined) throw new RpcError(RPC.parameter, "Invalid sighash param");
  return type;
}

/** Off regtest fluxd chooses the branch by this height at least. */
const LEAST_SIGNING_HEIGHT = 2_127_000;

function branchId(arg: Arg, context: CommandContext): number {
  const { params } = context.api;
  const height = nextHeight(context);
  if (arg.absent) {
    return branchIdAt(
      params.upgrades,
      params.kind === "main" || params.kind === "test" ? Math.max(height, LEAST_SIGNING_HEIGHT) : height,
    );
  }
  const text = arg.text();
  const known = Object.values(params.upgrades).some(
    (upgrade) => upgrade.branchId === Number.parseInt(text, 16),
  );
  if (!/^[0-9a-fA-F]{1,8}$/.test(text) || !known) {
    throw new RpcError(RPC.parameter, `${text} is not a valid consensus branch id`);
  }
  return Number.parseInt(text, 16);
}

/** A key in wallet import format. @throws RpcError, which does not repeat the key */
export function readKey(wif: string, { api }: CommandContext): KeyPair {
  const key = decodeWif(wif, api.params);
  if (key === undefined) throw new RpcError(RPC.notFound, "Invalid private key");
  return keyPair(api.node.chain.shared.verifier.ecdsa, key.secretKey, key.compressed);
}

/** What a caller knows of a coin that this node may not have. */
function readPrevout(arg: Arg): SpendableCoin {
  const outpoint = { txid: arg.get("txid").hash(), index: arg.get("vout").integer() };
  if (outpoint.index < 0) throw new RpcError(RPC.deserialization, "vout must be positive");
  const scriptPubKey = arg.get("scriptPubKey").hex();
  const output = { value: arg.get("amount").or(0n, (value) => value.amount()), scriptPubKey };
  const redeem = arg.get("redeemScript");
  return redeem.absent ? { outpoint, output } : { outpoint, output, redeemScript: redeem.hex() };
}

/** The coin of each input, as the caller says it or the chain, the pool and the wallet know it. */
function coinsToSign(
  tx: OrdinaryTransaction,
  prevouts: readonly SpendableCoin[],
  context: CommandContext,
): (SpendableCoin | undefined)[] {
  const { chain, mempool } = context.api.node;
  const state = chain.state();
  return tx.inputs.map(({ prevout }) => {
    const told = prevouts.find(
      ({ outpoint: { txid, index } }) => index === prevout.index && equalBytes(txid, prevout.txid),
    );
    const output = told?.output ?? mempool.pool.coin(prevout, state);
    if (output === undefined) return undefined;
    const coin = { outpoint: prevout, output: { value: output.value, scriptPubKey: output.scriptPubKey } };
    const template = matchTemplate(output.scriptPubKey);
    const scripts = [told?.redeemScript, ...(context.wallet?.redeemScripts() ?? [])];
    const redeemScript =
      template?.type === "scriptHash"
        ? scripts.find((script) => script !== undefined && equalBytes(scriptIdOf(script), template.scriptId))
        : undefined;
    return redeemScript === undefined ? coin : { ...coin, redeemScript };
  });
}

/** With the caller's keys, or the wallet's if none are given. */
function signRawTransaction(args: Args, context: CommandContext): Json {
  const tx = ordinary(args.at(0, "argument 1"));
  const prevouts = args.at(1).or([], (arg) => arg.list().map(readPrevout));
  const keys = args.at(2).or(undefined, (arg) => arg.list().map((each) => readKey(each.text(), context)));
  const signers = keys ?? walletOf(context, "keys").keys();
  const type = hashType(args.at(3));
  const branch = branchId(args.at(4), context);
  const coins = coinsToSign(tx, prevouts, context);
  // An input whose coin nobody knows stays as it is; the others are signed.
  const unknown = { value: 0n, scriptPubKey: new Uint8Array(0) };
  const known = tx.inputs.map(({ prevout }, i) => coins[i] ?? { outpoint: prevout, output: unknown });
  const { json } = signOrdinary(tx, known, signers, branch, type);
  if (coins.every((coin) => coin !== undefined)) return json;
  const { errors, ...rest } = json;
  const explained = ((errors ?? []) as { txid: string; vout: number }[]).map((error) => {
    const i = tx.inputs.findIndex(
      ({ prevout }) => prevout.index === error.vout && toDisplayHex(prevout.txid) === error.txid,
    );
    return coins[i] === undefined ? { ...error, error: "Input not found or already spent" } : error;
  });
  return { ...rest, complete: false, errors: explained };
}

function decodeBlock(args: Args, context: CommandContext): Json {
  const block = parseWhole(args.at(0, "argument 1").hex(), readBlock);
  if (block instanceof ParseError) throw new RpcError(RPC.deserialization, "Block decode failed");
  return decodedBlock(block, context);
}

export const rawTransactionCommands: CommandGroup = {
  category: "Rawtransactions",
  commands: [
    {
      name: "getrawtransaction",
      usage: 'getrawtransaction "txid" ( verbose )',
      help: "A transaction of the pool or the best chain: its bytes in hex, or with verbose 1 an object.",
      takes: [1, 2],
      run: getRawTransaction,
    },
    {
      name: "createrawtransaction",
      usage:
        'createrawtransaction [{"txid":"id","vout":n},...] {"address":amount,...} ( locktime ) ( expiryheight )',
      help: "An unsigned transaction in the format of the next block, in hex. It is neither stored nor sent.",
      takes: [2, 4],
      run: createRawTransaction,
    },
    {
      name: "decoderawtransaction",
      usage: 'decoderawtransaction "hex"',
      help: "What a transaction says.",
      takes: [1, 1],
      run: (args, context) => transactionResult(decodeTransaction(args.at(0, "argument 1")), context),
    },
    {
      name: "decoderawblock",
      usage: 'decoderawblock "hex"',
      help: "What a block says, without its place in a chain.",
      takes: [1, 1],
      run: decodeBlock,
    },
    {
      name: "decodescript",
      usage: 'decodescript "hex"',
      help: "A script in words, whom it pays, and the address of a P2SH output with this as its redeem script.",
      takes: [1, 1],
      run: (args, { api }) => {
        const hex = args.at(0, "argument 1");
        return decodedScriptJson(hex.text() === "" ? new Uint8Array(0) : hex.hex(), api.params);
      },
    },
    {
      name: "signrawtransaction",
      usage:
        'signrawtransaction "hex" ( [{"txid":"id","vout":n,"scriptPubKey":"hex","redeemScript":"hex","amount":n},...] ["key",...] "sighashtype" "branchid" )',
      help: "Adds the signatures that the keys, or without keys the wallet, can make.",
      takes: [1, 5],
      run: signRawTransaction,
    },
    {
      name: "sendrawtransaction",
      usage: 'sendrawtransaction "hex" ( allowhighfees )',
      help: "Gives a signed transaction to the pool and the network. Returns its id.",
      takes: [1, 2],
      run: (args, context) => {
        const allowHighFees = args.at(1).or(false, (arg) => arg.flag());
        return sendTransaction(decodeTransaction(args.at(0, "argument 1")), context, allowHighFees);
      },
    },
    {
      name: "fundrawtransaction",
      usage: 'fundrawtransaction "hex"',
      help: "Adds coins of the wallet to a transaction until it pays its outputs and its fee, and change if any is left.",
      takes: [1, 1],
      run: (args, context) => fundTransaction(ordinary(args.at(0, "argument 1")), context),
    },
  ],
};
