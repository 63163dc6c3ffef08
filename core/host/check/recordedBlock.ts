import { gunzipSync } from "node:zlib";
import {
  type Block,
  blockBytes,
  blockHash,
  MAX_BLOCK_BYTES,
  merkleTree,
  toDisplayHex,
  toWireHex,
  txid,
} from "@fluxlab/core";
import { type Field, FormatError } from "../field.ts";
import type { Json } from "../json.ts";

// A block in a recording: its bytes, and what is said of it beside them.

type Facts = Readonly<Record<string, Json | undefined>>;

/** What a row says of a header, as far as it does. */
export const saidOfHeader = (row: Field) => ({
  hash: toDisplayHex(row.get("hash").hash()),
  version: row.find("version")?.i32(),
  time: row.find("time")?.u32(),
  bits: row.find("bits")?.text(),
  nonce: row.find("nonce")?.text(),
});

/** The same, read from the block. */
export const foundOfHeader = ({ header }: Block) => ({
  hash: toDisplayHex(blockHash(header)),
  version: header.version,
  time: header.time,
  bits: header.bits.toString(16).padStart(8, "0"),
  nonce: header.kind === "pow" ? toDisplayHex(header.nonce) : undefined,
});

/** Of a block of a chain: outputs [value, scriptPubKey] of the coinbase; its header then commits to its transactions. */
function saidOfCoinbase(row: Field): Facts {
  const outputs = row.find("coinbase")?.items();
  if (outputs === undefined) return {};
  const coinbase = outputs.map((output) => [`${output.at(0).bigint()}`, output.at(1).text()]);
  return { coinbase, rootIsOfTransactions: true };
}

function foundOfCoinbase({ header, transactions }: Block): Facts {
  const [first] = transactions;
  const outputs = first?.kind === "ordinary" ? first.outputs : [];
  return {
    coinbase: outputs.map(({ value, scriptPubKey }) => [`${value}`, toWireHex(scriptPubKey)]),
    rootIsOfTransactions: toWireHex(merkleTree(transactions.map(txid)).root) === toWireHex(header.merkleRoot),
  };
}

/** What a row says of a block, as far as it can be held against the bytes alone; they must also survive reading and writing. */
export const saidOfBlock = (row: Field, bytes: Uint8Array): Facts => ({
  ...saidOfHeader(row),
  ...saidOfCoinbase(row),
  bytes: toWireHex(bytes),
});

/** The same, read from the block. */
export const foundOfBlock = (block: Block): Facts => ({
  ...foundOfHeader(block),
  ...foundOfCoinbase(block),
  bytes: toWireHex(blockBytes(block)),
});

/** fluxd's RPC answer to what it cannot decode. Source: fluxd src/rpc/protocol.h RPC_DESERIALIZATION_ERROR. */
const NOT_DECODED = -22;

/** Whether fluxd could not read the block either. */
export const wasUnreadable = (row: Field): boolean =>
  row.find("rpcError")?.isObject() === true && row.get("rpcError").find("code")?.value === NOT_DECODED;

/** No block that was ever sent is larger; keeps a small file from filling memory. */
const MAX_UNPACKED_BYTES = 4 * MAX_BLOCK_BYTES;

/** The bytes of "hex", or of "hexGz": base 64 of their gzip. */
export function recordedBytes(row: Field): Uint8Array {
  const packed = row.find("hexGz");
  if (packed === undefined) return row.get("hex").bytes();
  try {
    return gunzipSync(packed.base64(), { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    if (error instanceof FormatError) throw error;
    return packed.fail("base 64 of gzip of a block");
  }
}
