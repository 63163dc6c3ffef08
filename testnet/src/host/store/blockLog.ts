import { type Block, equalBytes } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { BLOCK_LOG_HEADING_BYTES, BLOCK_LOG_MARK, blockRecord, readBlockRecord } from "@fluxlab/core/host";
import type { AppendFile } from "./appendFile.ts";

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
    this.#end = BLOCK_LOG_HEADING_BYTES;
    this.#dirty = false;
    const heading = Uint8Array.from([...BLOCK_LOG_MARK, ...genesis]);
    const found = file.read(0, BLOCK_LOG_HEADING_BYTES);
    if (equalBytes(found, heading)) return;
    // A log whose heading is incomplete was being made when the machine stopped, and holds nothing.
    if (found.length === BLOCK_LOG_HEADING_BYTES && found.some((byte) => byte !== 0)) {
      throw new InputError(`${name}: ${strangeness(found)}: choose another --datadir`);
    }
    file.truncate(0);
    file.write(0, heading);
    file.sync();
  }

  /** Where the first block is. */
  static readonly START: number = BLOCK_LOG_HEADING_BYTES;

  /** Bytes. */
  get size(): number {
    return this.#file.size;
  }

  /** Hands over every whole block from `start` on with its place; what follows the last is cut off. Before anything is appended. */
  replay(take: (block: Block, place: number) => void, start: number = BLOCK_LOG_HEADING_BYTES): LogContents {
    const contents = this.scan(take, start);
    if (contents.bytesLost > 0) {
      this.#file.truncate(this.#end);
      // Before anything follows: or else what was cut off could come back behind it.
      this.#file.sync();
    }
    return contents;
  }

  /** The same of a log that nothing is added to: it is left as it is. */
  scan(take: (block: Block, place: number) => void, start: number = BLOCK_LOG_HEADING_BYTES): LogContents {
    const { size } = this.#file;
    let blocks = 0;
    this.#end = start;
    for (let record = this.#record(start); record !== undefined; record = this.#record(this.#end)) {
      const place = this.#end;
      this.#end = record.next;
      take(record.block, place);
      blocks++;
    }
    return { blocks, bytesLost: Math.max(0, size - this.#end) };
  }

  /** The block at a place, or undefined if it cannot be read any more. */
  read(place: number): Block | undefined {
    return this.#record(place)?.block;
  }

  #record(place: number): ReturnType<typeof readBlockRecord> {
    return readBlockRecord((position, length) => this.#file.read(position, length), place);
  }

  /** Adds a block behind the others. Returns its place. @throws if there is no room; then nothing was added, and later blocks may be */
  append(block: Block): number {
    const record = blockRecord(block);
    this.#dirty = true;
    // If that throws, the end has not moved and the next record goes over what was written of this one.
    this.#file.write(this.#end, record);
    const place = this.#end;
    this.#end += record.length;
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
  const name = BLOCK_LOG_MARK.length - 1;
  if (equalBytes(found.subarray(0, BLOCK_LOG_MARK.length), BLOCK_LOG_MARK))
    return "holds blocks of another network";
  return equalBytes(found.subarray(0, name), BLOCK_LOG_MARK.subarray(0, name))
    ? "was written by another version of this program, which can read it"
    : "is not a file of blocks";
}
