import { closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type Block,
  displayHash,
  equalBytes,
  type Params,
  ParseError,
  parseWhole,
  parseWireHex,
  readBlock,
  wireHex,
} from "@fluxlab/core";
import { InputError } from "../commandLine.ts";
import { readText } from "../readInput.ts";
import {
  BLOCK_LOG_FILE,
  BLOCK_LOG_HEADING_BYTES,
  BLOCK_LOG_MARK,
  type ReadBytes,
  readBlockRecord,
} from "./blockRecords.ts";
import { readDatFile } from "./datFile.ts";

/**
 * Blocks of a network from where they are kept, in the order in which they lie there: a recorded chain (a JSON object a line, with the
 * block as `hex`), a file of blocks as fluxd writes them (blk00000.dat, bootstrap.dat), or the data folder of a node of ours, or its
 * log of blocks. Nothing is changed, so a node may be running on the folder.
 * @throws InputError naming the file, and the line or position
 */
export function* readBlocks(path: string, params: Params): Generator<Block> {
  const file = isFolder(path) ? join(path, BLOCK_LOG_FILE) : path;
  const opened = openFile(file);
  const read: ReadBytes = (position, length) => readFrom(opened, position, length);
  try {
    const first = read(0, BLOCK_LOG_HEADING_BYTES);
    const isLog = equalBytes(first.subarray(0, BLOCK_LOG_MARK.length), BLOCK_LOG_MARK);
    if (isLog) yield* readLog(file, read, first, params);
    else if (first[0] === "{".charCodeAt(0)) yield* readLines(file);
    else yield* readDatFile(file, read, wireHex(params.messageStart), params.name);
  } finally {
    closeSync(opened);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // opening it says why
  }
}

function openFile(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new InputError(
      `${file}: ${why}: expected a recorded chain, a file of blocks, or a node's data folder`,
      {
        cause: error,
      },
    );
  }
}

function readFrom(descriptor: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(descriptor, bytes, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** Up to the first record that is not whole: one that is being written now is not there yet. */
function* readLog(
  file: string,
  read: ReadBytes,
  heading: Uint8Array,
  { genesis, name }: Params,
): Generator<Block> {
  if (!equalBytes(heading.subarray(BLOCK_LOG_MARK.length), displayHash(genesis.hash)))
    throw new InputError(`${file}: holds blocks of another network than ${name}`);
  let position = BLOCK_LOG_HEADING_BYTES;
  for (let record = readBlockRecord(read, position); record !== undefined; ) {
    yield record.block;
    position = record.next;
    record = readBlockRecord(read, position);
  }
}

function* readLines(file: string): Generator<Block> {
  let number = 0;
  for (const line of readText(file).split("\n")) {
    number++;
    if (line.trim() === "") continue;
    const expected = (what: string) => new InputError(`${file}:${number}: expected ${what}`);
    let recorded: { readonly hex?: unknown };
    try {
      recorded = JSON.parse(line);
    } catch {
      throw expected("a JSON object");
    }
    const bytes = typeof recorded.hex === "string" ? parseWireHex(recorded.hex) : undefined;
    if (bytes === undefined) throw expected('a block in hex digits as "hex"');
    const block = parseWhole(bytes, readBlock);
    if (block instanceof ParseError) throw expected(`a block as "hex": ${block}`);
    yield block;
  }
}
