import {
  type Block,
  blockBytes,
  equalBytes,
  ParseError,
  parseWhole,
  Reader,
  readBlock,
  sha256d,
  Writer,
} from "@fluxlab/core";

// What a node's log of blocks looks like on disk: a heading, then a record for each block: length, checksum, block. A record counts
// if it is whole, and so does every record before it; the first that is not ends the log, because it was being written when the
// machine stopped.

/** File of a node's data folder that holds its blocks. */
export const BLOCK_LOG_FILE = "blocks.log";

/** Opens every log; the genesis hash of the network follows it. */
export const BLOCK_LOG_MARK = new Uint8Array(Buffer.from("fluxlab blocks 1"));
export const BLOCK_LOG_HEADING_BYTES = BLOCK_LOG_MARK.length + 32;

/** Length, u32, and checksum. */
const RECORD_HEADING_BYTES = 4 + 8;
/** A longer one is no record. A little above the largest block. */
export const MAX_BLOCK_RECORD_BYTES = 4 * 1024 * 1024;

/** Covers the length too, so that zeros, which a crash may leave, are no record. */
function checksum(length: number, payload: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.u32(length);
  writer.bytes(payload);
  return sha256d(writer.view()).subarray(0, 8);
}

/** A block as it stands in a log. */
export function blockRecord(block: Block): Uint8Array {
  const payload = blockBytes(block);
  const writer = new Writer();
  writer.u32(payload.length);
  writer.bytes(checksum(payload.length, payload));
  writer.bytes(payload);
  return writer.copy();
}

/** Bytes of a file from a position on; fewer only at its end. */
export type ReadBytes = (position: number, length: number) => Uint8Array;

/** The record at a position and where the next one begins; undefined where there is no whole one. */
export function readBlockRecord(
  read: ReadBytes,
  position: number,
): { readonly block: Block; readonly next: number } | undefined {
  const heading = new Reader(read(position, RECORD_HEADING_BYTES));
  const length = heading.u32("length");
  const expected = heading.bytes(8, "checksum");
  if (heading.failed || length > MAX_BLOCK_RECORD_BYTES) return undefined;
  const payload = read(position + RECORD_HEADING_BYTES, length);
  if (payload.length < length || !equalBytes(checksum(length, payload), expected)) return undefined;
  const block = parseWhole(payload, readBlock);
  if (block instanceof ParseError) return undefined;
  return { block, next: position + RECORD_HEADING_BYTES + length };
}
