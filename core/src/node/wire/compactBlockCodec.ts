import type { Reader } from "../../bytes/reader.ts";
import type { Writer } from "../../bytes/writer.ts";
import { readHeader, writeHeader } from "../../primitives/header.ts";
import type { BlockHash } from "../../primitives/ids.ts";
import {
  MIN_TRANSACTION_BYTES,
  readTransaction,
  writeTransaction,
} from "../../primitives/transactionCodec.ts";
import type { Message, PrefilledTx } from "../messages.ts";

// Blocks without the transactions that the other side knows. The layouts are fluxd's and not BIP 152's.
// Source: fluxd src/blockencodings.h.

type CompactBlock = Extract<Message, { command: "cmpctblock" }>;
type BlockTxsRequest = Extract<Message, { command: "getblocktxn" }>;

/** Positions and counts of transactions fit 16 bits; larger ones do not read. */
const MAX_INDEX = 0xffff;

/** fluxd writes the low 32 bits of a short id as eight bytes, and the next sixteen as two. */
const SHORT_ID_BYTES = 10;

const TWO_TO_32 = 0x1_0000_0000;

/** A count or an index of at most {@link MAX_INDEX}. */
function readIndex(reader: Reader, field: string): number {
  const start = reader.offset;
  const index = reader.compactSize(field);
  if (index > MAX_INDEX) reader.fail("sizeTooLarge", field, start);
  return index;
}

/** Like {@link Reader.vector}, with a count that fits 16 bits. */
function readIndexed<T>(reader: Reader, field: string, bytes: number, read: (reader: Reader) => T): T[] {
  const start = reader.offset;
  const elements = reader.vector(field, bytes, read);
  if (elements.length > MAX_INDEX) reader.fail("sizeTooLarge", field, start);
  return elements;
}

/** Header, nonce, short ids, prefilled transactions. */
export function readCompactBlock(reader: Reader): CompactBlock {
  const header = readHeader(reader);
  const nonce = reader.u64("nonce");
  const shortIds = readIndexed(reader, "shortIds", SHORT_ID_BYTES, readShortId);
  let next = 0;
  const prefilled = reader.vector("prefilled", 1 + MIN_TRANSACTION_BYTES, (entry): PrefilledTx => {
    const index = next + readIndex(entry, "index");
    next = index + 1;
    return { index, tx: readTransaction(entry) };
  });
  return { command: "cmpctblock", header, nonce, shortIds, prefilled };
}

/** The reverse of {@link readCompactBlock}; `prefilled` in the order of the block. */
export function writeCompactBlock(writer: Writer, block: CompactBlock): void {
  writeHeader(writer, block.header);
  writer.u64(block.nonce);
  writer.vector(block.shortIds, writeShortId);
  let next = 0;
  writer.vector(block.prefilled, (entry, { index, tx }) => {
    entry.compactSize(index - next);
    next = index + 1;
    writeTransaction(entry, tx);
  });
}

/** An id with bits beyond the 48 names no transaction. */
function readShortId(reader: Reader): number {
  const start = reader.offset;
  const low = reader.u32("low");
  if (reader.u32("unused") !== 0) reader.fail("unknownValue", "unused", start);
  return low + reader.u16("high") * TWO_TO_32;
}

function writeShortId(writer: Writer, id: number): void {
  writer.u32(id % TWO_TO_32);
  writer.u32(0);
  writer.u16(Math.floor(id / TWO_TO_32));
}

/** Positions are absolute, where BIP 152 has differences. */
export function readBlockTxsRequest(reader: Reader): BlockTxsRequest {
  const block = reader.bytes(32, "block") as BlockHash;
  const indexes = readIndexed(reader, "indexes", 1, (entry) => readIndex(entry, "index"));
  return { command: "getblocktxn", block, indexes };
}

/** The reverse of {@link readBlockTxsRequest}. */
export function writeBlockTxsRequest(writer: Writer, { block, indexes }: BlockTxsRequest): void {
  writer.bytes(block);
  writer.vector(indexes, (entry, index) => entry.compactSize(index));
}
