import {
  ABSENT,
  blockBytes,
  blockHash,
  equalBytes,
  knownTxid,
  merkleTree,
  ParseError,
  type PartialMerkleTree,
  parseWhole,
  partialMerkleTree,
  readHeader,
  readPartialMerkleTree,
  toDisplayHex,
  toWireHex,
  Writer,
  writeHeader,
} from "@fluxlab/core";
import { FluxAmount, type Json, scriptPubKeyJson } from "@fluxlab/core/host";
import type { Args } from "../args.ts";
import { type CommandContext, type CommandGroup, plainCommand } from "../command.ts";
import { blockOf, blockResult, headerResult } from "../results/blockResult.ts";
import { blockchainInfo } from "../results/chainInfo.ts";
import { chainTips } from "../results/chainTips.ts";
import { difficulty } from "../results/headerFacts.ts";
import { nextWorkBits } from "../results/networkRate.ts";
import { mempoolEntryJson, poolInfo } from "../results/poolResult.ts";
import { txOutSetInfo } from "../results/txOutSet.ts";
import { RPC, RpcError } from "../rpcError.ts";

// Source: fluxd src/rpc/blockchain.cpp, src/rpc/rawtransaction.cpp gettxoutproof.

const HASH_DIGITS = 64;

/** Row of a header by its hash; one that this node does not have is not found. */
export function rowOfHash(hash: Uint8Array, { api }: CommandContext): number {
  const { chain } = api.node;
  const row = chain.shared.tree.find(hash);
  if (row === ABSENT || !chain.knows(row)) throw new RpcError(RPC.notFound, "Block not found");
  return row;
}

function rowAtHeight(height: number, { index }: CommandContext): number {
  const row = index.rowAt(height);
  if (row === undefined) throw new RpcError(RPC.parameter, "Block height out of range");
  return row;
}

/** A block by its hash, or by its height if the text is shorter. */
function rowOfText(text: string, context: CommandContext, hash: () => Uint8Array): number {
  if (text.length >= HASH_DIGITS) return rowOfHash(hash(), context);
  if (!/^-?\d+$/.test(text)) throw new RpcError(RPC.parameter, "Invalid block height parameter");
  return rowAtHeight(Number(text), context);
}

function getBlock(args: Args, context: CommandContext): Json {
  const which = args.at(0, "blockhash");
  const verbosity = args
    .at(1)
    .or(1, (arg) => (typeof arg.value === "boolean" ? Number(arg.value) : arg.integer()));
  if (verbosity < 0 || verbosity > 2)
    throw new RpcError(RPC.parameter, "Verbosity must be in range from 0 to 2");
  const row = rowOfText(which.text(), context, () => which.hash());
  if (!context.api.node.chain.hasBlock(row))
    throw new RpcError(RPC.misc, "Block not available (not downloaded)");
  const block = blockOf(context, row);
  return verbosity === 0 ? toWireHex(blockBytes(block)) : blockResult(context, row, block, verbosity === 2);
}

function getHeader(args: Args, context: CommandContext): Json {
  const row = rowOfHash(args.at(0, "blockhash").hash(), context);
  if (args.at(1).or(true, (arg) => arg.flag())) return headerResult(context.api, row);
  const writer = new Writer();
  writeHeader(writer, context.api.node.chain.shared.tree.header(row));
  return toWireHex(writer.copy());
}

function getTxOut(args: Args, { api, index }: CommandContext): Json {
  const outpoint = { txid: args.at(0, "txid").hash(), index: args.at(1).integer() };
  const withPool = args.at(2).or(true, (arg) => arg.flag());
  const { chain, mempool } = api.node;
  const state = chain.state();
  if (withPool && mempool.pool.spender(outpoint) !== undefined) return null;
  const pooled = withPool ? mempool.pool.get(outpoint.txid)?.tx : undefined;
  const output = pooled?.kind === "ordinary" ? pooled.outputs[outpoint.index] : undefined;
  const coin = state.coin(outpoint);
  const found = output ?? coin;
  if (found === undefined) return null;
  return {
    bestblock: toDisplayHex(chain.tipHash),
    confirmations: output !== undefined || coin === undefined ? 0 : state.height - coin.height + 1,
    value: new FluxAmount(found.value),
    scriptPubKey: scriptPubKeyJson(found.scriptPubKey, api.params),
    version: (pooled ?? index.transaction(outpoint.txid)?.tx)?.version ?? 0,
    coinbase: output === undefined && coin?.coinbase === true,
  };
}

/** A header and a partial tree. Source: fluxd src/merkleblock.h CMerkleBlock. */
function getTxOutProof(args: Args, context: CommandContext): Json {
  const txids = args
    .at(0)
    .list()
    .map((arg) => arg.hash());
  if (txids.length === 0) throw new RpcError(RPC.parameter, "Invalid parameter, no txids");
  if (new Set(txids.map(toWireHex)).size < txids.length) {
    throw new RpcError(RPC.parameter, "Invalid parameter, duplicated txid");
  }
  const row = args.at(1, "blockhash").or(
    () => rowAtHeight(minedHeight(txids[0]!, context), context),
    (arg) => () => rowOfHash(arg.hash(), context),
  )();
  const { header, transactions } = blockOf(context, row);
  const matches = transactions.map((tx) => txids.some((txid) => equalBytes(txid, knownTxid(tx))));
  if (matches.filter(Boolean).length < txids.length) {
    throw new RpcError(RPC.notFound, "(Not all) transactions not found in specified block");
  }
  const { count, hashes, flags } = partialMerkleTree(transactions.map(knownTxid), matches);
  const writer = new Writer();
  writeHeader(writer, header);
  writer.u32(count);
  writer.vector(hashes, (to, hash) => to.bytes(hash));
  writer.varBytes(flags);
  return toWireHex(writer.copy());
}

function minedHeight(txid: Uint8Array, { index }: CommandContext): number {
  const mined = index.transaction(txid);
  if (mined === undefined) throw new RpcError(RPC.notFound, "Transaction not yet in block");
  return mined.height;
}

function verifyTxOutProof(args: Args, context: CommandContext): Json {
  const proof = parseWhole(args.at(0, "proof").hex(), (reader) => {
    const header = readHeader(reader);
    const count = reader.u32("transactions");
    const hashes = reader.vector("hashes", 32, (from) => from.bytes(32, "hash"));
    const tree: PartialMerkleTree = { count, hashes, flags: reader.varBytes("flags") };
    return { header, tree };
  });
  if (proof instanceof ParseError) throw new RpcError(RPC.deserialization, `Proof decode failed: ${proof}`);
  const read = readPartialMerkleTree(proof.tree);
  if (read === undefined || !equalBytes(read.root, proof.header.merkleRoot)) return [];
  const { chain } = context.api.node;
  const row = chain.shared.tree.find(blockHash(proof.header));
  if (row === ABSENT || !chain.isActive(row)) throw new RpcError(RPC.notFound, "Block not found in chain");
  return read.matched.map(toDisplayHex);
}

/** Checks again what is kept: headers' proofs were checked on arrival, so hashes and contents are what can have gone wrong. */
function verifyChain(args: Args, context: CommandContext): Json {
  args.at(0).or(3, (arg) => arg.integer());
  const asked = args.at(1).or(288, (arg) => arg.integer());
  const { tipHeight } = context.api.node.chain;
  const blocks = asked <= 0 || asked > tipHeight ? tipHeight : asked;
  for (let height = tipHeight; height > tipHeight - blocks; height--) {
    const { header, transactions } = blockOf(context, context.index.rowAt(height)!);
    const { root } = merkleTree(transactions.map(knownTxid));
    if (!equalBytes(root, header.merkleRoot)) return false;
  }
  return true;
}

function rawMempool(args: Args, context: CommandContext): Json {
  const entries = [...context.api.node.mempool.pool.entries()];
  if (!args.at(0).or(false, (arg) => arg.flag())) return entries.map(({ txid }) => toDisplayHex(txid));
  return Object.fromEntries(
    entries.map((entry) => [toDisplayHex(entry.txid), mempoolEntryJson(entry, context)]),
  );
}

/** Moves the chain by hand; the block must be known. */
function steer(args: Args, context: CommandContext, how: "invalidateBlock" | "reconsiderBlock"): Json {
  const row = rowOfHash(args.at(0, "blockhash").hash(), context);
  if (context.api.node.chain.shared.tree.height(row) === 0)
    throw new RpcError(RPC.database, "Genesis stays valid");
  if (!context.api.node.chain.shared.tree.isLive(row))
    throw new RpcError(RPC.database, "The block is too far below the tip to be judged again");
  context.api.node[how](row);
  return null;
}

export const blockchainCommands: CommandGroup = {
  category: "Blockchain",
  commands: [
    plainCommand({
      name: "getblockchaininfo",
      help: "The state of the chain: tip, work, pools, upgrades.",
      run: (context) => blockchainInfo(context),
    }),
    plainCommand({
      name: "getbestblockhash",
      help: "Hash of the tip.",
      run: ({ api }) => toDisplayHex(api.node.chain.tipHash),
    }),
    plainCommand({
      name: "getblockcount",
      help: "Height of the tip.",
      run: ({ api }) => api.node.chain.tipHeight,
    }),
    {
      name: "getblock",
      usage: 'getblock "hash|height" ( verbosity )',
      help: "A block: verbosity 0 its bytes in hex, 1 (default) an object, 2 an object with its transactions in full.",
      takes: [1, 2],
      run: getBlock,
    },
    {
      name: "getblockhash",
      usage: "getblockhash index",
      help: "Hash of the block at a height of the best chain.",
      takes: [1, 1],
      run: (args, context) => {
        const row = rowAtHeight(args.at(0).integer(), context);
        return toDisplayHex(context.api.node.chain.shared.tree.hash(row));
      },
    },
    {
      name: "getblockheader",
      usage: 'getblockheader "hash" ( verbose )',
      help: "A header: an object, or with verbose false its bytes in hex.",
      takes: [1, 2],
      run: getHeader,
    },
    {
      name: "getchaintips",
      usage: "getchaintips ( minheight )",
      help: "The ends of all branches this node knows, the highest first.",
      takes: [0, 1],
      run: (args, { api }) =>
        chainTips(
          api.node.chain,
          args.at(0).or(0, (arg) => arg.integer()),
        ),
    },
    plainCommand({
      name: "getdifficulty",
      help: "How much harder the next block is than the easiest.",
      run: ({ api }) => difficulty(nextWorkBits(api), api.params),
    }),
    plainCommand({
      name: "getmempoolinfo",
      help: "How full the memory pool is.",
      run: ({ api }) => poolInfo(api),
    }),
    {
      name: "getrawmempool",
      usage: "getrawmempool ( verbose )",
      help: "Transactions that wait for a block: their ids, or with verbose true an object by id.",
      takes: [0, 1],
      run: rawMempool,
    },
    {
      name: "gettxout",
      usage: 'gettxout "txid" n ( includemempool )',
      help: "An unspent output, or null.",
      takes: [2, 3],
      run: getTxOut,
    },
    plainCommand({
      name: "gettxoutsetinfo",
      help: "Counts, sum and digest of all unspent outputs. Goes through all of them.",
      run: ({ api, index }) => txOutSetInfo(api, index),
    }),
    {
      name: "gettxoutproof",
      usage: 'gettxoutproof ["txid",...] ( "blockhash" )',
      help: "Proof, in hex, that the transactions are in a block.",
      takes: [1, 2],
      run: getTxOutProof,
    },
    {
      name: "verifytxoutproof",
      usage: 'verifytxoutproof "proof"',
      help: "The transactions that a proof proves to be in a block of the best chain.",
      takes: [1, 1],
      run: verifyTxOutProof,
    },
    {
      name: "verifychain",
      usage: "verifychain ( checklevel numblocks )",
      help: "Checks stored blocks again.",
      takes: [0, 2],
      run: verifyChain,
    },
    {
      name: "invalidateblock",
      usage: 'invalidateblock "hash"',
      help: "Treats a block as if it broke a rule.",
      takes: [1, 1],
      hidden: true,
      run: (args, context) => steer(args, context, "invalidateBlock"),
    },
    {
      name: "reconsiderblock",
      usage: 'reconsiderblock "hash"',
      help: "Takes invalidateblock back.",
      takes: [1, 1],
      hidden: true,
      run: (args, context) => steer(args, context, "reconsiderBlock"),
    },
  ],
};
