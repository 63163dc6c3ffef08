import {
  blockSize,
  type Destination,
  decodeAddress,
  encodeAddress,
  GENESIS_ROW,
  knownTxid,
  medianTimePast,
  type OrdinaryTransaction,
  type Params,
  type PoolEntry,
  scriptDestination,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import { hexWord, type Json, JsonMembers, type JsonObject } from "@fluxlab/core/host";
import type { Arg, Args } from "../args.ts";
import { type AddressEntry, addressKey, indexedAddress } from "../chainIndex.ts";
import type { CommandContext, CommandGroup } from "../command.ts";
import { blockOf, neighboursJson, placeJson, workJson } from "../results/blockResult.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { rowOfHash } from "./blockchain.ts";

// What fluxd answers with -insightexplorer. Source: fluxd src/rpc/misc.cpp getaddressdeltas and others, src/rpc/blockchain.cpp
// getblockdeltas, getblockhashes, getspentinfo.

interface AddressQuery {
  readonly destinations: readonly Destination[];
  /** Heights, both included. */
  readonly start: number;
  readonly end: number;
  readonly chainInfo: boolean;
}

const destinationOf = (arg: Arg, params: Params): Destination => {
  const destination = decodeAddress(arg.text(), params);
  if (destination === undefined) throw new RpcError(RPC.notFound, "Invalid address");
  return destination;
};

/** {addresses, start?, end?, chainInfo?} or an address alone. */
function readQuery(args: Args, { api }: CommandContext): AddressQuery {
  const arg = args.at(0);
  if (typeof arg.value === "string") {
    const destinations = [destinationOf(arg, api.params)];
    return { destinations, start: 0, end: Number.POSITIVE_INFINITY, chainInfo: false };
  }
  const destinations = arg
    .get("addresses")
    .list()
    .map((each) => destinationOf(each, api.params));
  const start = arg.get("start").or(0, (each) => each.integer());
  const end = arg.get("end").or(0, (each) => each.integer());
  if (start < 0 || end < 0)
    throw new RpcError(RPC.parameter, "Start and end are expected to be greater than or equal to zero");
  if (end > 0 && end < start)
    throw new RpcError(RPC.parameter, "End value is expected to be greater than start");
  const bounded = start > 0 && end > 0;
  return {
    destinations,
    start: bounded ? start : 0,
    end: bounded ? end : Number.POSITIVE_INFINITY,
    chainInfo: arg.get("chainInfo").or(false, (each) => each.flag()),
  };
}

/** Entries by address, within the heights. fluxd's index knows no bare public keys. */
function entriesOf(
  { destinations, start, end }: AddressQuery,
  { index, api }: CommandContext,
): [Destination, AddressEntry[]][] {
  return destinations.map((destination) => {
    const entries = index
      .ofAddress(destination)
      .filter(({ height }) => height >= start && height <= end)
      .filter(({ output }) => indexedAddress(output, api.params) !== undefined);
    return [destination, entries.sort(byKey)];
  });
}

/** In the order of the database: height, position, txid, spent or index. Source: fluxd src/addressindex.h CAddressIndexKey. */
function byKey(a: AddressEntry, b: AddressEntry): number {
  return (
    a.height - b.height ||
    a.position - b.position ||
    a.index - b.index ||
    Number(a.kind === "spent") - Number(b.kind === "spent")
  );
}

function deltas(args: Args, context: CommandContext): Json {
  const query = readQuery(args, context);
  const list = entriesOf(query, context).flatMap(([destination, entries]) =>
    entries.map(({ txid, index, satoshi, height, position }) => ({
      address: encodeAddress(destination, context.api.params),
      blockindex: position,
      height,
      index,
      satoshis: satoshi,
      txid: toDisplayHex(txid),
    })),
  );
  if (!query.chainInfo) return list;
  const { tree } = context.api.node.chain.shared;
  const endOf = (height: number): JsonObject => ({
    hash: toDisplayHex(tree.hash(context.index.rowAt(height)!)),
    height,
  });
  const last = Math.min(query.end, context.api.node.chain.tipHeight);
  return { deltas: list, start: endOf(query.start), end: endOf(last) };
}

function balance(args: Args, context: CommandContext): Json {
  const entries = entriesOf(readQuery(args, context), context).flatMap(([, each]) => each);
  const sum = (list: readonly AddressEntry[]) => list.reduce((total, { satoshi }) => total + satoshi, 0n);
  return { balance: sum(entries), received: sum(entries.filter(({ kind }) => kind === "received")) };
}

function utxos(args: Args, context: CommandContext): Json {
  const { api, index } = context;
  const query = readQuery(args, context);
  const list = entriesOf(query, context).flatMap(([destination, entries]) =>
    entries
      .filter(({ kind, outpoint }) => kind === "received" && index.spending(outpoint) === undefined)
      .map(({ txid, index: outputIndex, output, height }) => ({
        address: encodeAddress(destination, api.params),
        txid: toDisplayHex(txid),
        outputIndex,
        script: toWireHex(output.scriptPubKey),
        satoshis: output.value,
        height,
      })),
  );
  const sorted = list.sort((a, b) => a.height - b.height);
  if (!query.chainInfo) return sorted;
  const { chain } = api.node;
  return { utxos: sorted, hash: toDisplayHex(chain.tipHash), height: chain.tipHeight };
}

/** By height, then by id as text. */
function txids(args: Args, context: CommandContext): Json {
  const entries = entriesOf(readQuery(args, context), context).flatMap(([, each]) => each);
  const found = new Map(entries.map(({ txid, height }) => [toDisplayHex(txid), height]));
  return [...found].sort(([a, h], [b, k]) => h - k || (a < b ? -1 : 1)).map(([txid]) => txid);
}

/** What the pool pays to an address and spends of it. */
function poolDeltas(
  entry: PoolEntry,
  wanted: ReadonlySet<string>,
  { api, index }: CommandContext,
): JsonObject[] {
  if (entry.tx.kind !== "ordinary") return [];
  const txid = toDisplayHex(entry.txid);
  const found: JsonObject[] = [];
  const note = (script: Uint8Array, i: number, satoshis: bigint, rest: JsonObject): void => {
    const destination = scriptDestination(script);
    if (destination === undefined || !wanted.has(addressKey(destination))) return;
    const address = encodeAddress(destination, api.params);
    found.push({ address, txid, index: i, satoshis, timestamp: entry.time, ...rest });
  };
  for (const [i, { prevout }] of entry.tx.inputs.entries()) {
    const parent = api.node.mempool.pool.get(prevout.txid)?.tx;
    const output =
      index.output(prevout) ?? (parent as OrdinaryTransaction | undefined)?.outputs[prevout.index];
    if (output === undefined) continue;
    note(output.scriptPubKey, i, -output.value, {
      prevtxid: toDisplayHex(prevout.txid),
      prevout: prevout.index,
    });
  }
  for (const [i, { value, scriptPubKey }] of entry.tx.outputs.entries()) note(scriptPubKey, i, value, {});
  return found;
}

function addressMempool(args: Args, context: CommandContext): Json {
  const wanted = new Set(readQuery(args, context).destinations.map(addressKey));
  return [...context.api.node.mempool.pool.entries()].flatMap((entry) => poolDeltas(entry, wanted, context));
}

function spentInfo(args: Args, { index }: CommandContext): Json {
  const arg = args.at(0);
  const spending = index.spending({ txid: arg.get("txid").hash(), index: arg.get("index").integer() });
  if (spending === undefined) throw new RpcError(RPC.notFound, "Unable to get spent info");
  return { txid: toDisplayHex(spending.txid), index: spending.index, height: spending.height };
}

/** Hashes of the best chain's blocks by time: from `low` up to, not including, `high`. */
function blockHashes(args: Args, context: CommandContext): Json {
  const { chain } = context.api.node;
  const { tree } = chain.shared;
  const high = args.at(0).wide();
  const low = args.at(1).wide();
  const options = args.at(2);
  const withOrphans = !options.or(false, (arg) => arg.get("noOrphans").or(false, (each) => each.flag()));
  const logical = options.or(false, (arg) => arg.get("logicalTimes").or(false, (each) => each.flag()));
  // A block's logical time is later than that of every block before it.
  const times: { row: number; logicalTime: number }[] = [];
  let latest = 0;
  for (const row of tree.subtree(GENESIS_ROW)) {
    if (!chain.isValid(row) || (!chain.isActive(row) && !withOrphans)) continue;
    latest = Math.max(latest + 1, tree.time(row));
    times.push({ row, logicalTime: latest });
  }
  return times
    .filter(({ logicalTime }) => logicalTime >= low && logicalTime < high)
    .map(({ row, logicalTime }) => {
      const blockhash = toDisplayHex(tree.hash(row));
      return logical ? { blockhash, logicalts: logicalTime } : blockhash;
    });
}

/** Source: fluxd src/rpc/blockchain.cpp blockToDeltasJSON, in which an output's address stands twice. */
function blockDeltas(args: Args, context: CommandContext): Json {
  const { chain } = context.api.node;
  const { tree } = chain.shared;
  const row = rowOfHash(args.at(0, "blockhash").hash(), context);
  if (!chain.isActive(row)) throw new RpcError(RPC.notFound, "Block is an orphan");
  const block = blockOf(context, row);
  const { header } = block;
  return {
    ...placeJson(chain, row, header, blockSize(block)),
    deltas: block.transactions.map((tx, i) => ({
      txid: toDisplayHex(knownTxid(tx)),
      index: i,
      inputs: tx.kind === "ordinary" ? inputDeltas(tx, context) : [],
      outputs: tx.kind === "ordinary" ? outputDeltas(tx, context.api.params) : [],
    })),
    time: header.time,
    mediantime: medianTimePast(tree.history(row)),
    nonce: header.kind === "pow" ? toDisplayHex(header.nonce) : hexWord(0).repeat(8),
    ...workJson(chain, row, header),
    ...neighboursJson(chain, row),
  };
}

const inputDeltas = ({ inputs }: OrdinaryTransaction, { index, api }: CommandContext): JsonObject[] =>
  inputs.flatMap(({ prevout }, i) => {
    const spent = index.spending(prevout) === undefined ? undefined : index.output(prevout);
    const address = spent && indexedAddress(spent, api.params);
    if (spent === undefined || address === undefined) return [];
    const prevtxid = toDisplayHex(prevout.txid);
    return [{ address, satoshis: -spent.value, index: i, prevtxid, prevout: prevout.index }];
  });

const outputDeltas = ({ outputs }: OrdinaryTransaction, params: Params): JsonMembers[] =>
  outputs.flatMap(({ value, scriptPubKey }, i) => {
    const address = indexedAddress({ value, scriptPubKey }, params);
    if (address === undefined) return [];
    return [
      new JsonMembers([
        ["address", address],
        ["address", address],
        ["satoshis", value],
        ["index", i],
      ]),
    ];
  });

const QUERY = '{"addresses":["address",...],"start":n,"end":n,"chainInfo":bool}';

export const addressIndexCommands: CommandGroup = {
  category: "Addressindex",
  commands: [
    {
      name: "getaddressbalance",
      usage: `getaddressbalance ${QUERY}`,
      help: "What addresses hold and what they ever received, in satoshi.",
      takes: [1, 1],
      run: balance,
    },
    {
      name: "getaddressdeltas",
      usage: `getaddressdeltas ${QUERY}`,
      help: "Everything that changed what addresses hold.",
      takes: [1, 1],
      run: deltas,
    },
    {
      name: "getaddressutxos",
      usage: `getaddressutxos ${QUERY}`,
      help: "Unspent outputs of addresses.",
      takes: [1, 1],
      run: utxos,
    },
    {
      name: "getaddresstxids",
      usage: `getaddresstxids ${QUERY}`,
      help: "Ids of the transactions that paid to addresses or spent of them.",
      takes: [1, 1],
      run: txids,
    },
    {
      name: "getaddressmempool",
      usage: 'getaddressmempool {"addresses":["address",...]}',
      help: "What the pool pays to addresses and spends of them.",
      takes: [1, 1],
      run: addressMempool,
    },
    {
      name: "getspentinfo",
      usage: 'getspentinfo {"txid":"id","index":n}',
      help: "Which input spends an output.",
      takes: [1, 1],
      run: spentInfo,
    },
    {
      name: "getblockhashes",
      usage: 'getblockhashes high low ( {"noOrphans":bool,"logicalTimes":bool} )',
      help: "Hashes of the blocks of a time: from low up to, not including, high.",
      takes: [2, 3],
      run: blockHashes,
    },
    {
      name: "getblockdeltas",
      usage: 'getblockdeltas "hash"',
      help: "What each transaction of a block changed of what addresses hold.",
      takes: [1, 1],
      run: blockDeltas,
    },
  ],
};
