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
import { InputError } from "@fluxlab/core/command-line";
import type { AppendFile } from "./appendFile.ts";

// One file: a heading, then a record for each block: length, checksum, block. A record counts if it is whole, and so does
// every record before it; the first that is not ends the log, because it was being written when the machine stopped.

/** Opens every log; the genesis hash of the network follows it. */
const HEADING = new Uint8Array(Buffer.from("fluxlab blocks 1"));
const GENESIS_BYTES = 32;
const HEADING_BYTES = HEADING.length + GENESIS_BYTES;
/** Length, u32, and checksum. */
const RECORD_HEADING_BYTES = 4 + 8;
/** A longer one is no record. A little above the largest block. */
const MAX_RECORD_BYTES = 4 * 1024 * 1024;

/** Covers the length too, so that zeros, which a crash may leave, are no record. */
function checksum(length: number, payload: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.u32(length);
  writer.bytes(payload);
  return sha256d(writer.view()).subarray(0, 8);
}

/** What was found when a log was read. */
export interface LogContents {
  /** Blocks that were read. */
  readonly blocks: number;
  /** Bytes at the end that are no whole block, or come after one that is not: of what was being written when the machine died, or damaged. */
  readonly bytesLost: number;
}

/**
 * The blocks of one network in an append-only file. What was committed is there after any crash; of what was appended since, any
 * number of the first may be.
 */
export class BlockLog {
  readonly #file: AppendFile;
  /** Where the next record goes. */
  #end: number;
  #dirty: boolean;

  /**
   * `genesis`: hash of the network's first block; `name`: of the file, for errors.
   * @throws InputError if the file is none of this network
   */
  constructor(file: AppendFile, genesis: Uint8Array, name: string) {
    this.#file = file;
    this.#end = HEADING_BYTES;
    this.#dirty = false;
    const heading = Uint8Array.from([...HEADING, ...genesis]);
    const found = file.read(0, HEADING_BYTES);
    if (equalBytes(found, heading)) return;
    // A log whose heading is incomplete was being made when the machine stopped, and holds nothing.
    if (found.length === HEADING_BYTES && found.some((byte) => byte !== 0)) {
      throw new InputError(`${name}: ${strangeness(found)}: choose another --datadir`);
    }
    file.truncate(0);
    file.write(0, heading);
    file.sync();
  }

  /** Where the first block is. */
  static readonly START: number = HEADING_BYTES;

  /** Bytes. */
  get size(): number {
    return this.#file.size;
  }

  /** Hands over every whole block from `start` on with its place; what follows the last is cut off. Before anything is appended. */
  replay(take: (block: Block, place: number) => void, start: number = HEADING_BYTES): LogContents {
    const contents = this.scan(take, start);
    if (contents.bytesLost > 0) {
      this.#file.truncate(this.#end);
      // Before anything follows: or else what was cut off could come back behind it.
      this.#file.sync();
    }
    return contents;
  }

  /** The same of a log that nothing is added to: it is left as it is. */
  scan(take: (block: Block, place: number) => void, start: number = HEADING_BYTES): LogContents {
    const { size } = this.#file;
    let blocks = 0;
    this.#end = start;
    for (
      let record = this.#record(start, size);
      record !== undefined;
      record = this.#record(this.#end, size)
    ) {
      const place = this.#end;
      this.#end = record.next;
      take(record.block, place);
      blocks++;
    }
    return { blocks, bytesLost: Math.max(0, size - this.#end) };
  }

  /** The block at a place, or undefined if it cannot be read any more. */
  read(place: number): Block | undefined {
    return this.#record(place, this.#file.size)?.block;
  }

  #record(at: number, size: number): { readonly block: Block; readonly next: number } | undefined {
    const heading = new Reader(this.#file.read(at, RECORD_HEADING_BYTES));
    const length = heading.u32("length");
    const expected = heading.bytes(8, "checksum");
    const next = at + RECORD_HEADING_BYTES + length;
    if (heading.failed || length > MAX_RECORD_BYTES || next > size) return undefined;
    const payload = this.#file.read(at + RECORD_HEADING_BYTES, length);
    if (!equalBytes(checksum(length, payload), expected)) return undefined;
    const block = parseWhole(payload, readBlock);
    return block instanceof ParseError ? undefined : { block, next };
  }

  /** Adds a block behind the others. Returns its place. @throws if there is no room; then nothing was added, and later blocks may be */
  append(block: Block): number {
    const payload = blockBytes(block);
    const writer = new Writer();
    writer.u32(payload.length);
    writer.bytes(checksum(payload.length, payload));
    writer.bytes(payload);
    this.#dirty = true;
    // If that throws, the end has not moved and the next record goes over what was written of this one.
    this.#file.write(this.#end, writer.view());
    const place = this.#end;
    this.#end += writer.length;
    return place;
  }

  /** Returns when all that was appended would survive the machine's loss of power. */
  commit(): void {
    if (!this.#dirty) return;
    this.#file.sync();
    this.#dirty = false;
  }

  /** Commits, and lets go of the file. */
  close(): void {
    this.commit();
    this.#file.close();
  }
}

/** What is wrong with a heading. */
function strangeness(found: Uint8Array): string {
  const name = HEADING.length - 1;
  if (equalBytes(found.subarray(0, HEADING.length), HEADING)) return "holds blocks of another network";
  return equalBytes(found.subarray(0, name), HEADING.subarray(0, name))
    ? "was written by another version of this program, which can read it"
    : "is not a file of blocks";
}
