import { sha256d } from "../bytes/hash.ts";
import type { Reader } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import { type BlockHeader, readHeader, writeHeader } from "./header.ts";
import type { ContentId } from "./ids.ts";
import type { Transaction } from "./transaction.ts";
import { MIN_TRANSACTION_BYTES, readTransaction, writeTransaction } from "./transactionCodec.ts";

/** A header and its transactions, coinbase first. */
export interface Block {
  readonly header: BlockHeader;
  readonly transactions: readonly Transaction[];
}

/** Ends where the block ends. What it returns means nothing if the reader has failed. */
export function readBlock(reader: Reader): Block {
  const header = readHeader(reader);
  if (reader.failed) reader.failedIn("header");
  return { header, transactions: reader.vector("transactions", MIN_TRANSACTION_BYTES, readTransaction) };
}

/** The canonical form: on the network and on disk alike. */
export function writeBlock(writer: Writer, block: Block): void {
  writeHeader(writer, block.header);
  writer.vector(block.transactions, writeTransaction);
}

/** Reused by the functions below, each of which is done with it when it returns. */
const scratch = new Writer();

/** Bytes of the block in its canonical form: what the size limit counts. */
export function blockSize(block: Block): number {
  writeBlock(scratch.reset(), block);
  return scratch.length;
}

/** The block as it travels and is stored. */
export function blockBytes(block: Block): Uint8Array {
  writeBlock(scratch.reset(), block);
  return scratch.copy();
}

/** SHA256d of the canonical form: all signatures, and the transactions as they are rather than their merkle root. */
export function contentId(block: Block): ContentId {
  writeBlock(scratch.reset(), block);
  return sha256d(scratch.view()) as ContentId;
}
