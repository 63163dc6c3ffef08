import {
  ABSENT,
  assert,
  type Block,
  type BlockHeader,
  blockHash,
  blockSize,
  type ChainView,
  knownTxid,
  outpointText,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import { FluxAmount, hexWord, type JsonObject } from "@fluxlab/core/host";
import type { CommandContext } from "../command.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { chainWork, confirmations, difficulty, nextRow } from "./headerFacts.ts";
import { transactionResult } from "./transactionResult.ts";

// Blocks and headers with their places in the chain. Source: fluxd src/rpc/blockchain.cpp blockheaderToJSON, blockToJSON.

/** Time and proof. */
function proofJson(header: BlockHeader): JsonObject {
  const { time } = header;
  return header.kind === "pow"
    ? { time, type: "POW", nonce: toDisplayHex(header.nonce), solution: toWireHex(header.solution) }
    : {
        time,
        type: "PON",
        collateral: outpointText(header.collateral),
        blocksig: toWireHex(header.signature),
      };
}

/** What stands before a block's contents in all results. */
export function placeJson(chain: ChainView, row: number, header: BlockHeader, size?: number): JsonObject {
  return {
    hash: toDisplayHex(chain.shared.tree.hash(row)),
    confirmations: confirmations(chain, row),
    size,
    height: chain.shared.tree.height(row),
    version: header.version,
    merkleroot: toDisplayHex(header.merkleRoot),
  };
}

/** Target and work. */
export const workJson = (chain: ChainView, row: number, { bits }: BlockHeader): JsonObject => ({
  bits: hexWord(bits),
  difficulty: difficulty(bits, chain.shared.params),
  chainwork: chainWork(chain, row),
});

/** The blocks before and after. */
export function neighboursJson(chain: ChainView, row: number): JsonObject {
  const { tree } = chain.shared;
  const hashOf = (other: number) => (other === ABSENT ? undefined : toDisplayHex(tree.hash(other)));
  return { previousblockhash: hashOf(tree.parent(row)), nextblockhash: hashOf(nextRow(chain, row)) };
}

export function headerResult({ node: { chain } }: CommandContext["api"], row: number): JsonObject {
  const header = chain.shared.tree.header(row);
  return {
    ...placeJson(chain, row, header),
    finalsaplingroot: toDisplayHex(header.saplingRoot),
    ...proofJson(header),
    ...workJson(chain, row, header),
    ...neighboursJson(chain, row),
  };
}

/** `decoded`: transactions in full, instead of their ids. */
export function blockResult(
  context: CommandContext,
  row: number,
  block: Block,
  decoded: boolean,
): JsonObject {
  const { chain } = context.api.node;
  const { header, transactions } = block;
  return {
    ...placeJson(chain, row, header, blockSize(block)),
    finalsaplingroot: toDisplayHex(header.saplingRoot),
    tx: transactions.map((tx) => (decoded ? transactionResult(tx, context) : toDisplayHex(knownTxid(tx)))),
    ...proofJson(header),
    ...workJson(chain, row, header),
    ...shieldedJson(context, row),
    ...neighboursJson(chain, row),
  };
}

/** The Sprout tree and what is in the pools after the block; of a block that was never connected nobody knows. */
function shieldedJson({ api, index }: CommandContext, row: number): JsonObject {
  const { chain } = api.node;
  if (!chain.isValid(row)) return {};
  const { tree } = chain.shared;
  const height = tree.height(row);
  if (!tree.isLive(row) && api.pruneHeight() !== undefined) return {};
  // What blocks did stays in memory as long as they may be undone; of older ones the index knows what they came to.
  const { sprout, anchor } = tree.isLive(row) ? changeOf(chain, row) : indexedChange(index, height);
  const known = chain.isActive(row) ? sproutAt(chain, index, row) : undefined;
  return {
    anchor: toDisplayHex(anchor),
    valuePools: [poolJson("sprout", known, sprout), poolJson("sapling", 0n, 0n)],
  };
}

interface SproutChange {
  readonly sprout: bigint;
  readonly anchor: Uint8Array;
}

function changeOf(chain: ChainView, row: number): SproutChange {
  const { supplyChange, sproutTree } = chain.shared.deltaOf(row);
  return { sprout: supplyChange.sprout, anchor: sproutTree.after.root };
}

function indexedChange(index: CommandContext["index"], height: number): SproutChange {
  const { sprout, sproutTree } = index.totalsAt(height);
  const before = height === 0 ? 0n : index.totalsAt(height - 1).sprout;
  return { sprout: sprout - before, anchor: sproutTree.root };
}

/** What is in the pool after a block of the best chain. */
function sproutAt(chain: ChainView, index: CommandContext["index"], row: number): bigint {
  const { tree } = chain.shared;
  if (!tree.isLive(row)) return index.totalsAt(tree.height(row)).sprout;
  const later = tree.path(row, chain.tip);
  return later.reduce((sum, each) => sum - changeOf(chain, each).sprout, chain.state().supply.sprout);
}

/** A pool as far as it is known. Nothing enters the Sapling pool: its proofs are not verified here. */
export const poolJson = (id: string, value: bigint | undefined, change?: bigint): JsonObject => ({
  id,
  monitored: value !== undefined,
  ...(value === undefined ? {} : { chainValue: new FluxAmount(value), chainValueZat: value }),
  ...(change === undefined ? {} : { valueDelta: new FluxAmount(change), valueDeltaZat: change }),
});

/** The block of a row. */
export function blockOf({ api }: CommandContext, row: number): Block {
  const block = api.node.chain.block(row);
  if (block === "pruned") throw new RpcError(RPC.misc, "Block not available (pruned data)");
  assert(block !== undefined, "asked for a block that is there");
  return block;
}

/** A block that came in hex: what it says, without what only a chain knows. */
export function decodedBlock(block: Block, context: CommandContext): JsonObject {
  const { header, transactions } = block;
  return {
    hash: toDisplayHex(blockHash(header)),
    size: blockSize(block),
    version: header.version,
    merkleroot: toDisplayHex(header.merkleRoot),
    finalsaplingroot: toDisplayHex(header.saplingRoot),
    tx: transactions.map((tx) => transactionResult(tx, context)),
    ...proofJson(header),
    bits: hexWord(header.bits),
    difficulty: difficulty(header.bits, context.api.params),
    previousblockhash: toDisplayHex(header.previousHash),
  };
}
