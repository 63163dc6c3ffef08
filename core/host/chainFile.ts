import { closeSync, openSync, readSync } from "node:fs";
import { type Block, blockBytes, equalBytes, ParseError, parseWhole, readBlock, Writer } from "@fluxlab/core";
import { InputError } from "./commandLine.ts";

// A chain in a file, as fluxd writes and takes it: for each block four bytes of the network, the block's length, the block.
// Source: fluxd src/main.cpp LoadExternalBlockFile, WriteBlockToDisk.

const HEADING_BYTES = 8;
/** A longer one is no block. A little above the largest. */
const MAX_BLOCK_BYTES = 4 * 1024 * 1024;

/** A block as it stands in such a file. `messageStart`: the four bytes of its network. */
export function chainFileRecord(block: Block, messageStart: Uint8Array): Uint8Array {
  const bytes = blockBytes(block);
  const writer = new Writer();
  writer.bytes(messageStart);
  writer.u32(bytes.length);
  writer.bytes(bytes);
  return writer.copy();
}

/**
 * The blocks of such a file, in its order, one at a time.
 * @throws InputError naming the file and the block that is none of this network, or damaged
 */
export function* readChainFile(file: string, messageStart: Uint8Array): Generator<Block> {
  const handle = openChainFile(file);
  try {
    for (let number = 0, offset = 0; ; number++) {
      const heading = readAt(handle, offset, HEADING_BYTES);
      if (heading.length === 0) return;
      const wrong = (what: string) => new InputError(`${file}: block ${number}, at byte ${offset}: ${what}`);
      if (heading.length < HEADING_BYTES) throw wrong("the file ends within a block");
      if (!equalBytes(heading.subarray(0, 4), messageStart))
        throw wrong("is of another network, or no block");
      const length = heading.readUInt32LE(4);
      if (length > MAX_BLOCK_BYTES) throw wrong(`${length} bytes are too many for a block`);
      const bytes = readAt(handle, offset + HEADING_BYTES, length);
      if (bytes.length < length) throw wrong("the file ends within a block");
      const block = parseWhole(bytes, readBlock);
      if (block instanceof ParseError) throw wrong(String(block));
      yield block;
      offset += HEADING_BYTES + length;
    }
  } finally {
    closeSync(handle);
  }
}

function openChainFile(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new InputError(`${file}: ${why}`, { cause: error });
  }
}

/** Fewer bytes where the file ends. */
function readAt(handle: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let count = 0;
  for (let read = 1; read > 0 && count < length; count += read) {
    read = readSync(handle, bytes, count, length - count, offset + count);
  }
  return bytes.subarray(0, count);
}
