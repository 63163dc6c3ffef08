import { closeSync, openSync, readSync, statSync, writeSync } from "node:fs";
import {
  type Block,
  type BlockOutcome,
  blockHash,
  equalBytes,
  ParseError,
  parseWhole,
  readBlock,
  toWireHex,
} from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { DAT_HEADING_BYTES, datRecord, MAX_BLOCK_RECORD_BYTES } from "@fluxlab/core/host";

// Files of blocks as fluxd reads and writes them: the network's four bytes, a length, the block, over and over; whatever stands
// between is skipped. Source: fluxd src/main.cpp LoadExternalBlockFile, contrib/linearize.

const CHUNK = 1024 * 1024;

/** What a file came to. */
export interface Loaded {
  readonly blocks: number;
  readonly taken: number;
  /** Blocks whose parents are neither in the file nor known. */
  readonly orphans: number;
}

/** Bytes of a file from the beginning, a window at a time. */
class Window {
  readonly #file: number;
  #bytes: Buffer;
  /** Of the window's first byte. */
  #at: number;
  readonly size: number;

  constructor(path: string) {
    this.#file = openSync(path, "r");
    this.#bytes = Buffer.alloc(0);
    this.#at = 0;
    this.size = statSync(path).size;
  }

  /** Up to `length` bytes from `position`, fewer only at the end. */
  read(position: number, length: number): Buffer {
    const start = position - this.#at;
    if (start < 0 || start + length > this.#bytes.length) {
      const wanted = Buffer.alloc(Math.max(length, CHUNK));
      this.#bytes = wanted.subarray(0, readSync(this.#file, wanted, 0, wanted.length, position));
      this.#at = position;
      return this.#bytes.subarray(0, length);
    }
    return this.#bytes.subarray(start, start + length);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/**
 * Gives `take` the blocks of a file, those that came before their parents after them. Between blocks others have their turn.
 * `messageStart`: the network's four bytes. @throws InputError if the file cannot be read
 */
export async function loadBlocks(
  path: string,
  messageStart: Uint8Array,
  take: (block: Block) => BlockOutcome,
  onProgress: (share: number, blocks: number) => void,
  signal?: AbortSignal,
): Promise<Loaded> {
  const window = open(path);
  /** By parent, in wire hex: where blocks lie that came too early. */
  const waiting = new Map<string, number[]>();
  let [blocks, taken] = [0, 0];
  const readAt = (at: number): Block | undefined => {
    const length = window.read(at, 4).readUInt32LE();
    const block = parseWhole(Uint8Array.from(window.read(at + 4, length)), readBlock);
    return block instanceof ParseError ? undefined : block;
  };
  const offer = (first: Block, at: number): void => {
    const ready: [Block, number][] = [[first, at]];
    for (const [block, place] of ready) {
      const { outcome } = take(block);
      if (outcome === "unknownParent") {
        const parent = toWireHex(block.header.previousHash);
        waiting.set(parent, [...(waiting.get(parent) ?? []), place]);
        continue;
      }
      if (outcome === "active" || outcome === "held") taken++;
      const hash = toWireHex(blockHash(block.header));
      for (const child of waiting.get(hash) ?? []) ready.push([readAt(child)!, child]);
      waiting.delete(hash);
    }
  };
  try {
    for (let at = 0; at + DAT_HEADING_BYTES <= window.size && signal?.aborted !== true; ) {
      const next = nextBlock(window, at, messageStart);
      if (next === undefined) break;
      const block = readAt(next + 4);
      at = next + 1; // what only looked like a block is searched again
      if (block === undefined) continue;
      at = next + DAT_HEADING_BYTES + window.read(next + 4, 4).readUInt32LE();
      blocks++;
      offer(block, next + 4);
      onProgress(at / window.size, blocks);
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    window.close();
  }
  const orphans = [...waiting.values()].reduce((sum, each) => sum + each.length, 0);
  return { blocks, taken, orphans };
}

function open(path: string): Window {
  try {
    return new Window(path);
  } catch (error) {
    throw new InputError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Where the next four bytes of the network are that a whole record follows. */
function nextBlock(window: Window, from: number, messageStart: Uint8Array): number | undefined {
  for (let at = from; at + DAT_HEADING_BYTES <= window.size; ) {
    // Nearly always it follows at once.
    const isHere = equalBytes(window.read(at, messageStart.length), messageStart);
    const bytes = isHere ? messageStart : window.read(at, Math.min(CHUNK, window.size - at));
    const found = isHere ? 0 : Buffer.from(bytes).indexOf(messageStart);
    if (found < 0) {
      at += Math.max(1, bytes.length - 3); // they may lie across the border
      continue;
    }
    const start = at + found;
    if (start + DAT_HEADING_BYTES > window.size) return undefined;
    const length = window.read(start + 4, 4).readUInt32LE();
    if (length <= MAX_BLOCK_RECORD_BYTES && start + DAT_HEADING_BYTES + length <= window.size) return start;
    at = start + 1;
  }
  return undefined;
}

/** Writes blocks to a new file. How many. @throws InputError if it cannot be written, or is there */
export function saveBlocks(path: string, messageStart: Uint8Array, blocks: Iterable<Block>): number {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(
      `${path}: ${code === "EEXIST" ? "is there already" : `cannot be written (${code})`}`,
    );
  }
  let count = 0;
  try {
    for (const block of blocks) {
      writeSync(file, datRecord(block, messageStart));
      count++;
    }
  } finally {
    closeSync(file);
  }
  return count;
}
