import {
  type Block,
  blockBytes,
  equalBytes,
  ParseError,
  parseWhole,
  Reader,
  readBlock,
  Writer,
} from "@fluxlab/core";
import { InputError } from "../commandLine.ts";
import { MAX_BLOCK_RECORD_BYTES, type ReadBytes } from "./blockRecords.ts";

// Blocks in a file as fluxd keeps and takes them (blk00000.dat, bootstrap.dat): for each block four bytes of the network, the block's
// length, the block. Source: fluxd src/main.cpp LoadExternalBlockFile, WriteBlockToDisk.

/** The network's bytes, and the length. */
export const DAT_HEADING_BYTES = 8;

/** A block as it stands in such a file. `messageStart`: the four bytes of its network. */
export function datRecord(block: Block, messageStart: Uint8Array): Uint8Array {
  const bytes = blockBytes(block);
  const writer = new Writer();
  writer.bytes(messageStart);
  writer.u32(bytes.length);
  writer.bytes(bytes);
  return writer.copy();
}

/**
 * The blocks of such a file, in its order. Zeros at the end are room that fluxd has taken and not used. `file` and `network`: names,
 * for errors.
 * @throws InputError naming the file and the place of what is no block of this network
 */
export function* readDatFile(
  file: string,
  read: ReadBytes,
  messageStart: Uint8Array,
  network: string,
): Generator<Block> {
  for (let position = 0; ; ) {
    const heading = read(position, DAT_HEADING_BYTES);
    if (heading.every((byte) => byte === 0)) return;
    const expected = (what: string) => new InputError(`${file}, byte ${position}: expected ${what}`);
    const reader = new Reader(heading);
    if (!equalBytes(reader.bytes(messageStart.length, "magic"), messageStart))
      throw expected(`a block of ${network}, which begins with ${Buffer.from(messageStart).toString("hex")}`);
    const length = reader.u32("length");
    if (reader.failed || length > MAX_BLOCK_RECORD_BYTES) throw expected("the length of a block");
    const block = parseWhole(read(position + DAT_HEADING_BYTES, length), readBlock);
    if (block instanceof ParseError) throw expected(`a whole block: ${block}`);
    yield block;
    position += DAT_HEADING_BYTES + length;
  }
}
