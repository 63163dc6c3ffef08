import { gunzipSync } from "node:zlib";
import {
  type Block,
  blockBytes,
  blockHash,
  MAX_BLOCK_BYTES,
  merkleTree,
  ParseError,
  parseWhole,
  readBlock,
  readTransaction,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  txid,
  Writer,
  writeHeader,
} from "@fluxlab/core";
import { type Field, FormatError } from "../field.ts";
import type { Json } from "../json.ts";
import { agree, type Case, groupCases, hasGroup, type Kind, type Outcome, rowCase, same } from "./kind.ts";

// Blocks and transactions as bytes: each is read, written again and named, and compared with what the file says of it.

/** A block of blocks.json: with "block_hex". */
function checkKnownBlock(row: Field): Outcome {
  const bytes = row.get("block_hex").bytes();
  const block = parseWhole(bytes, readBlock);
  if (block instanceof ParseError) return same("a block", `${block}`);
  const header = new Writer();
  writeHeader(header, block.header);
  const ids = block.transactions.map(txid);
  const solutionBytes = block.header.kind === "pow" ? block.header.solution.length : undefined;
  return agree(
    {
      ...saidOfHeader(row),
      block_hex: toWireHex(bytes),
      header_hex: row.find("header_hex")?.text(),
      merkle_root: row.find("merkle_root")?.text(),
      txids: row
        .find("txids")
        ?.items()
        .map((id) => id.text()),
      solution_bytes: row.find("solution_bytes")?.u32(),
    },
    {
      ...foundOfHeader(block),
      block_hex: toWireHex(blockBytes(block)),
      header_hex: toWireHex(header.view()),
      merkle_root: toDisplayHex(merkleTree(ids).root),
      txids: ids.map(toDisplayHex),
      solution_bytes: solutionBytes,
    },
  );
}

const saidOfHeader = (row: Field) => ({
  hash: toDisplayHex(row.get("hash").hash()),
  version: row.find("version")?.i32(),
  time: row.find("time")?.u32(),
  bits: row.find("bits")?.text(),
  nonce: row.find("nonce")?.text(),
});

const foundOfHeader = ({ header }: Block) => ({
  hash: toDisplayHex(blockHash(header)),
  version: header.version,
  time: header.time,
  bits: header.bits.toString(16).padStart(8, "0"),
  nonce: header.kind === "pow" ? toDisplayHex(header.nonce) : undefined,
});

/** A recorded block: "hash" with "hex" or "hexGz". fluxd could not read it either if it answered with code -22. */
function checkRecordedBlock(row: Field): Outcome {
  const bytes = recordedBytes(row);
  const block = parseWhole(bytes, readBlock);
  const unreadable =
    row.find("rpcError")?.isObject() === true && row.get("rpcError").find("code")?.value === -22;
  if (unreadable) return same("unreadable", block instanceof ParseError ? "unreadable" : "a block");
  if (block instanceof ParseError) return same("a block", `${block}`);
  return agree(
    { ...saidOfHeader(row), ...saidOfCoinbase(row), bytes: toWireHex(bytes) },
    { ...foundOfHeader(block), ...foundOfCoinbase(block), bytes: toWireHex(blockBytes(block)) },
  );
}

/** Of a block of a chain: outputs [value, scriptPubKey] of the coinbase; its header then commits to its transactions. */
function saidOfCoinbase(row: Field): Readonly<Record<string, Json | undefined>> {
  const outputs = row.find("coinbase")?.items();
  if (outputs === undefined) return {};
  const coinbase = outputs.map((output) => [`${output.at(0).bigint()}`, output.at(1).text()]);
  return { coinbase, rootIsOfTransactions: true };
}

function foundOfCoinbase({ header, transactions }: Block): Readonly<Record<string, Json | undefined>> {
  const [first] = transactions;
  const outputs = first?.kind === "ordinary" ? first.outputs : [];
  return {
    coinbase: outputs.map(({ value, scriptPubKey }) => [`${value}`, toWireHex(scriptPubKey)]),
    rootIsOfTransactions: toWireHex(merkleTree(transactions.map(txid)).root) === toWireHex(header.merkleRoot),
  };
}

/** No block that was ever sent is larger; keeps a small file from filling memory. */
const MAX_UNPACKED_BYTES = 4 * MAX_BLOCK_BYTES;

function recordedBytes(row: Field): Uint8Array {
  const packed = row.find("hexGz");
  if (packed === undefined) return row.get("hex").bytes();
  try {
    return gunzipSync(packed.base64(), { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    if (error instanceof FormatError) throw error;
    return packed.fail("base 64 of gzip of a block");
  }
}

/** A transaction of blocks.json: "txid" with "raw_hex". */
function checkTransactionBytes(row: Field): Outcome {
  const bytes = row.get("raw_hex").bytes();
  const tx = parseWhole(bytes, readTransaction);
  if (tx instanceof ParseError) return same("a transaction", `${tx}`);
  const ordinary = tx.kind === "ordinary" ? tx : undefined;
  return agree(
    {
      txid: toDisplayHex(row.get("txid").hash()),
      raw_hex: toWireHex(bytes),
      version: row.find("version")?.u32(),
      overwintered: row.find("overwintered")?.flag(),
      vin: row.find("vin")?.u32(),
      vout: row.find("vout")?.u32(),
      joinsplits: row.find("joinsplits")?.u32(),
      lock_time: row.find("lock_time")?.u32(),
      size: row.find("size")?.u32(),
    },
    {
      txid: toDisplayHex(txid(tx)),
      raw_hex: toWireHex(transactionBytes(tx)),
      version: tx.version,
      overwintered: ordinary?.overwintered,
      vin: ordinary?.inputs.length,
      vout: ordinary?.outputs.length,
      joinsplits: ordinary?.shielded.joinSplits.length,
      lock_time: ordinary?.lockTime,
      size: bytes.length,
    },
  );
}

/** A member of "invalid_transactions": only has to fail to parse. */
const checkUnreadable = (row: Field): Outcome =>
  same(
    "unreadable",
    parseWhole(row.get("raw_hex").bytes(), readTransaction) instanceof ParseError
      ? "unreadable"
      : "a transaction",
  );

/** How deep in a file blocks may lie; recordings of reorganisations have four levels. */
const MAX_DEPTH = 8;

/** Every object of a recording that has a block's hash and bytes, wherever it lies. */
function* recordedBlocks(field: Field, depth = 0): Iterable<Case> {
  const isRecorded =
    field.find("hash") !== undefined && (field.find("hex") ?? field.find("hexGz")) !== undefined;
  if (isRecorded) yield rowCase(field, checkRecordedBlock);
  else if (depth < MAX_DEPTH) for (const each of objectsIn(field)) yield* recordedBlocks(each, depth + 1);
}

/** Members of an object that are objects, or lie in lists that are. */
function objectsIn(field: Field): Field[] {
  const members = field.isList() ? field.items() : field.keys().map((key) => field.get(key));
  return members.flatMap((member) =>
    member.isList() ? objectsIn(member) : member.isObject() ? [member] : [],
  );
}

/** The lists of blocks.json. */
const GROUPS = {
  blocks: checkKnownBlock,
  transactions: checkTransactionBytes,
  invalid_transactions: checkUnreadable,
};

function cases(root: Field): Iterable<Case> {
  if (hasGroup(root, Object.keys(GROUPS))) return groupCases(root, GROUPS);
  return root.isList() ? objectsIn(root).flatMap((each) => [...recordedBlocks(each)]) : recordedBlocks(root);
}

export const blockKind: Kind = {
  name: "block",
  about:
    "blocks and transactions as bytes: groups blocks, transactions, invalid_transactions; or recordings with hash and hex",

  recognises(root) {
    if (hasGroup(root, ["blocks", "invalid_transactions"])) return true;
    if (hasGroup(root, ["transactions"])) {
      const rows = root.get("transactions").items();
      return rows.some((row) => row.isObject() && row.find("raw_hex") !== undefined);
    }
    if (!root.isList() && !root.isObject()) return false;
    for (const _ of cases(root)) return true;
    return false;
  },

  cases: ({ root }) => cases(root),
};
