import {
  type Block,
  type BlockHeader,
  blockHash,
  blockSize,
  outpointText,
  type Params,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import type { JsonObject } from "../json.ts";
import { hexWord, transactionJson } from "./transactionJson.ts";

// Blocks and headers, without what depends on a chain. Source: fluxd src/rpc/blockchain.cpp blockheaderToJSON, blockToJSON.

export const headerJson = (header: BlockHeader): JsonObject => ({
  hash: toDisplayHex(blockHash(header)),
  version: header.version,
  merkleroot: toDisplayHex(header.merkleRoot),
  finalsaplingroot: toDisplayHex(header.saplingRoot),
  ...proofJson(header),
  previousblockhash: previousHash(header),
});

export const blockJson = (block: Block, params: Params): JsonObject => ({
  hash: toDisplayHex(blockHash(block.header)),
  size: blockSize(block),
  version: block.header.version,
  merkleroot: toDisplayHex(block.header.merkleRoot),
  finalsaplingroot: toDisplayHex(block.header.saplingRoot),
  tx: block.transactions.map((tx) => transactionJson(tx, params)),
  ...proofJson(block.header),
  previousblockhash: previousHash(block.header),
});

function proofJson(header: BlockHeader): JsonObject {
  const { time } = header;
  const bits = hexWord(header.bits);
  return header.kind === "pow"
    ? { time, type: "POW", nonce: toDisplayHex(header.nonce), solution: toWireHex(header.solution), bits }
    : {
        time,
        type: "PON",
        collateral: outpointText(header.collateral),
        blocksig: toWireHex(header.signature),
        bits,
      };
}

/** The first block has no parent. */
const previousHash = ({ previousHash: hash }: BlockHeader): string | undefined =>
  hash.every((byte) => byte === 0) ? undefined : toDisplayHex(hash);
