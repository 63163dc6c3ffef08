import { randomBytes } from "node:crypto";
import {
  COLLATERAL_MATURITY,
  decodeWif,
  delegateUpdate,
  encodeWif,
  type FluxnodeStart,
  isPayToKeyHash,
  type KeyPair,
  keyPair,
  type Outpoint,
  parseSecretKey,
  scriptDestination,
  signStart,
  startVersion5,
  startVersion6,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import type { Json, JsonObject } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import { type CommandContext, type CommandGroup, plainCommand, walletOf } from "../command.ts";
import { collateralText, ipOf, nodeJson } from "../results/fluxnodeResult.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { sendTransaction } from "../sending.ts";
import { NotStarted, obstacle, orReason } from "../starting.ts";
import { type ConfiguredNode, configuredNodes } from "../wallet/nodeConf.ts";

// What the owner of a FluxNode does: keys, and STARTs of the nodes in fluxnode.conf.
// Source: fluxd src/rpc/fluxnode.cpp, src/fluxnode/activefluxnode.cpp.

function newKey({ api }: CommandContext, compressed: boolean): KeyPair {
  for (;;) {
    const secret = parseSecretKey(new Uint8Array(randomBytes(32)));
    if (secret !== undefined) return keyPair(api.node.chain.shared.verifier.ecdsa, secret, compressed);
  }
}

function delegateKeys(context: CommandContext): Json {
  const key = newKey(context, true);
  const { ecdsa } = context.api.node.chain.shared.verifier;
  return {
    private_key: encodeWif(key, context.api.params),
    public_key_compressed: toWireHex(key.publicKey),
    public_key_uncompressed: toWireHex(keyPair(ecdsa, key.secretKey, false).publicKey),
  };
}

/** The key that owns a collateral. */
function ownerKey(collateral: Outpoint, context: CommandContext): KeyPair {
  const wallet = walletOf(context, "keys");
  const state = context.api.node.chain.state();
  const coin = state.coin(collateral);
  const destination = coin && scriptDestination(coin.scriptPubKey);
  const key =
    coin !== undefined && isPayToKeyHash(coin.scriptPubKey) && destination !== undefined
      ? wallet.key(destination.id)
      : undefined;
  if (coin === undefined || key === undefined) throw new NotStarted("Could not find collateral in wallet");
  const missing = COLLATERAL_MATURITY - (state.height - coin.height + 1);
  if (missing > 0) {
    throw new NotStarted(
      `Fluxnode hasn't met confirmation requirement (remaining confirmations required: ${missing})\n`,
    );
  }
  return key;
}

/** The START of a configured node, signed by the wallet. `delegates`: keys that may start it from now on. @throws NotStarted */
function startOf(
  node: ConfiguredNode,
  context: CommandContext,
  delegates?: readonly Uint8Array[],
): FluxnodeStart {
  const { api } = context;
  const { ecdsa } = api.node.chain.shared.verifier;
  const wif = decodeWif(node.nodeKey, api.params);
  if (wif === undefined) throw new NotStarted("Can't find keys for fluxnode - Invalid private key");
  const owner = ownerKey(node.collateral, context);
  const plan = {
    collateral: node.collateral,
    nodeKey: keyPair(ecdsa, wif.secretKey, wif.compressed).publicKey,
    sigTime: api.node.adjustedTime,
  };
  const unsigned =
    delegates === undefined
      ? startVersion5({ ...plan, collateralKey: owner.publicKey })
      : startVersion6({
          ...plan,
          owner: { type: "key", publicKey: owner.publicKey },
          delegates: delegateUpdate(delegates),
        });
  return signStart(ecdsa, unsigned, owner);
}

const outpointJson = ({ txid, index }: Outpoint): string =>
  `COutPoint(${toDisplayHex(txid).slice(0, 10)}, ${index})`;

/** One entry of what startfluxnode answers. */
function startResult(node: ConfiguredNode, context: CommandContext): { ok: boolean; json: JsonObject } {
  const named = { outpoint: outpointJson(node.collateral), alias: node.alias };
  const reason = obstacle(node.collateral, context);
  if (reason !== undefined) return { ok: false, json: { ...named, result: "failed", reason } };
  const tx = orReason(() => startOf(node, context));
  if ("reason" in tx)
    return { ok: false, json: { ...named, transaction_built: "failed", errorMessage: tx.reason } };
  const built = { ...named, transaction_built: "successful" };
  const sent = orReason(() => ({ txid: sendTransaction(tx, context) }));
  const errorMessage = "reason" in sent ? sent.reason : "";
  return {
    ok: "txid" in sent,
    json: {
      ...built,
      transaction_commited: "txid" in sent ? "successful" : "failed",
      transaction_signed: "successful",
      errorMessage,
    },
  };
}

const overall = (started: number, failed: number): string =>
  `Successfully started ${started} fluxnodes, failed to start ${failed}, total ${started + failed}`;

/** The nodes that are meant, and what to do with the wallet afterwards. */
function startAll(
  nodes: readonly ConfiguredNode[],
  alias: string | undefined,
  lock: boolean,
  context: CommandContext,
): Json {
  const wallet = walletOf(context, "keys");
  if (context.api.node.catchingUp)
    throw new RpcError(RPC.misc, "Chain is still syncing, please wait until chain is synced\n");
  const wanted = alias === undefined ? nodes : nodes.filter((node) => node.alias === alias).slice(0, 1);
  const results = wanted.map((node) => startResult(node, context));
  const detail = results.map(({ json }) => json);
  if (alias !== undefined && wanted.length === 0) {
    detail.push({ result: "failed", error: "could not find alias in config. Verify with listfluxnodeconf." });
  }
  if (lock && wallet.encrypted) wallet.lock();
  const started = results.filter(({ ok }) => ok).length;
  return { overall: overall(started, detail.length - started), detail };
}

const isLock = (args: Args, at: number): boolean =>
  args.at(at).or(false, (arg) => arg.value === true || arg.value === "true");

function startNodes(args: Args, context: CommandContext): Json {
  const set = args.at(0).text();
  const alias = args.at(2).or(undefined, (arg) => arg.text());
  if ((set !== "all" && set !== "alias") || (set === "alias") !== (alias !== undefined))
    throw new RpcError(RPC.parameter, 'expected "all" lockwallet, or "alias" lockwallet "alias"');
  return startAll(configuredNodes(context.dataFolder), alias, isLock(args, 1), context);
}

function startWithDelegates(args: Args, context: CommandContext): Json {
  const wallet = walletOf(context, "keys");
  const failed = (error: string): JsonObject => ({ result: "failed", error });
  const alias = args.at(0).text();
  const keys: Uint8Array[] = [];
  for (const [at, arg] of args.at(1).list().entries()) {
    const key = arg.hex();
    if (key.length !== 33 && key.length !== 65) return failed(`Invalid public key at index ${at}`);
    if (key.length !== 33) return failed(`Public key at index ${at} must be compressed`);
    if (keys.some((each) => toWireHex(each) === toWireHex(key)))
      return failed(`Duplicate public key at index ${at}`);
    keys.push(key);
  }
  const node = configuredNodes(context.dataFolder).find((each) => each.alias === alias);
  if (node === undefined) return failed("Could not find alias in config. Verify with listfluxnodeconf.");
  const reason = obstacle(node.collateral, context);
  if (reason !== undefined) return failed(reason);
  const sent = orReason(() => ({ txid: sendTransaction(startOf(node, context, keys), context) }));
  if ("reason" in sent) return failed(sent.reason);
  if (isLock(args, 2) && wallet.encrypted) wallet.lock();
  return {
    result: "success",
    txid: sent.txid,
    delegates_count: keys.length,
    delegates: keys.map((key) => toWireHex(key)),
  };
}

const STATUS_TEXTS = { started: "STARTED", dos: "DOS", confirmed: "CONFIRMED" } as const;

/** Source: fluxd src/rpc/fluxnode.cpp listfluxnodeconf, which shows the operating keys. */
function listConfigured(context: CommandContext): Json {
  const state = context.api.node.chain.state();
  return configuredNodes(context.dataFolder).map((node): JsonObject => {
    const { collateral } = node;
    const record = state.fluxnode(collateral);
    const known = record && nodeJson(record, state, context);
    const named = {
      alias: node.alias,
      status: record === undefined ? "OFFLINE" : STATUS_TEXTS[record.status],
      collateral: collateralText(collateral),
      txHash: toDisplayHex(collateral.txid),
      outputIndex: `${collateral.index}`,
      privateKey: node.nodeKey,
      address: node.address,
    };
    if (record === undefined || known === undefined) return { ...named, ...UNKNOWN };
    const { network, payment_address, activesince, lastpaid } = known;
    return {
      ...named,
      ip: ipOf(record),
      network,
      added_height: record.identity.addedHeight,
      confirmed_height: record.confirmedHeight,
      last_confirmed_height: record.lastConfirmedHeight,
      last_paid_height: record.lastPaidHeight,
      tier: record.identity.tier.toUpperCase(),
      payment_address,
      activesince,
      lastpaid,
    };
  });
}

/** Spelled as the daemon does. */
const UNKNOWN: JsonObject = {
  ip: "UNKNOWN",
  network: "UNKOWN",
  added_height: 0,
  confirmed_height: 0,
  last_confirmed_height: 0,
  last_paid_height: 0,
  tier: "UNKNOWN",
  payment_address: "UNKNOWN",
  activesince: 0,
  lastpaid: 0,
};

export const fluxnodeOwnerCommands: CommandGroup = {
  category: "Fluxnode",
  commands: [
    plainCommand({
      name: "createfluxnodekey",
      aliases: ["createzelnodekey"],
      help: "A new operating key, in wallet import format. It is kept nowhere.",
      run: (context) => encodeWif(newKey(context, false), context.api.params),
    }),
    plainCommand({
      name: "createdelegatekeypair",
      help: "A new key for a delegate, who may start a FluxNode for its owner. It is kept nowhere.",
      run: (context) => delegateKeys(context),
    }),
    {
      name: "listfluxnodeconf",
      aliases: ["listzelnodeconf"],
      usage: "listfluxnodeconf",
      help: "The FluxNodes of fluxnode.conf in the data folder, operating keys included, and what the chain knows of them.",
      takes: [0, 1],
      run: (_args, context) => listConfigured(context),
    },
    {
      name: "startfluxnode",
      aliases: ["startzelnode"],
      usage: 'startfluxnode "all|alias" lockwallet ( "alias" )',
      help: "Sends STARTs of the FluxNodes of fluxnode.conf whose collaterals are in the wallet.",
      takes: [2, 3],
      run: startNodes,
    },
    {
      name: "startdeterministicfluxnode",
      aliases: ["startdeterministiczelnode"],
      usage: 'startdeterministicfluxnode "alias" lockwallet',
      help: "Sends the START of one FluxNode of fluxnode.conf.",
      takes: [2, 2],
      run: (args, context) =>
        startAll(configuredNodes(context.dataFolder), args.at(0).text(), isLock(args, 1), context),
    },
    {
      name: "startfluxnodewithdelegates",
      usage: 'startfluxnodewithdelegates "alias" ["publickey",...] lockwallet',
      help: "Sends a START that names the keys of delegates, who may start the node from then on.",
      takes: [2, 3],
      run: startWithDelegates,
    },
  ],
};
