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
  type StateDelta,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import { FluxAmount, hexWord, type JsonObject } from "@fluxlab/core/host";
import type { CommandContext } from "../command.ts";
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
  const height = chain.shared.tree.height(row);
  if (!chain.isValid(row)) return {};
  const delta: StateDelta = chain.shared.deltaOf(row);
  const known = chain.isActive(row) ? index.totalsAt(height).sprout : undefined;
  const { sprout } = delta.supplyChange;
  return {
    anchor: toDisplayHex(delta.sproutTree.after.root),
    valuePools: [poolJson("sprout", known, sprout), poolJson("sapling", 0n, 0n)],
  };
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
  assert(block !== undefined && block !== "pruned", "asked for a block that is there");
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
