import {
  blockBytes,
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
import type { Field } from "../field.ts";
import { agree, type Case, groupCases, hasGroup, type Kind, type Outcome, rowCase, same } from "./kind.ts";
import {
  foundOfBlock,
  foundOfHeader,
  recordedBytes,
  saidOfBlock,
  saidOfHeader,
  wasUnreadable,
} from "./recordedBlock.ts";

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

/** A recorded block: "hash" with "hex" or "hexGz". */
function checkRecordedBlock(row: Field): Outcome {
  const bytes = recordedBytes(row);
  const block = parseWhole(bytes, readBlock);
  if (wasUnreadable(row)) return same("unreadable", block instanceof ParseError ? "unreadable" : "a block");
  if (block instanceof ParseError) return same("a block", `${block}`);
  return agree(saidOfBlock(row, bytes), foundOfBlock(block));
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
