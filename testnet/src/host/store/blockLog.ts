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
import type { ChainStore, StoreContents } from "./chainStore.ts";

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

/** The blocks of one network in an append-only file. */
export class BlockLog implements ChainStore {
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
      const ours = equalBytes(found.subarray(0, HEADING.length), HEADING);
      throw new InputError(
        `${name}: ${ours ? "holds blocks of another network" : "is not a file of blocks"}: choose another --datadir`,
      );
    }
    file.truncate(0);
    file.write(0, heading);
    file.sync();
  }

  replay(take: (block: Block) => void): StoreContents {
    const { size } = this.#file;
    let blocks = 0;
    for (let block = this.#next(size); block !== undefined; block = this.#next(size)) {
      take(block);
      blocks++;
    }
    const bytesLost = Math.max(0, size - this.#end);
    if (bytesLost > 0) {
      this.#file.truncate(this.#end);
      // Before anything follows: or else what was cut off could come back behind it.
      this.#file.sync();
    }
    return { blocks, bytesLost };
  }

  /** The record at the end, which moves behind it; undefined where there is no whole one. */
  #next(size: number): Block | undefined {
    const heading = new Reader(this.#file.read(this.#end, RECORD_HEADING_BYTES));
    const length = heading.u32("length");
    const expected = heading.bytes(8, "checksum");
    const next = this.#end + RECORD_HEADING_BYTES + length;
    if (heading.failed || length > MAX_RECORD_BYTES || next > size) return undefined;
    const payload = this.#file.read(this.#end + RECORD_HEADING_BYTES, length);
    if (!equalBytes(checksum(length, payload), expected)) return undefined;
    const block = parseWhole(payload, readBlock);
    if (block instanceof ParseError) return undefined;
    this.#end = next;
    return block;
  }

  append(block: Block): void {
    const payload = blockBytes(block);
    const writer = new Writer();
    writer.u32(payload.length);
    writer.bytes(checksum(payload.length, payload));
    writer.bytes(payload);
    this.#dirty = true;
    // If that throws, the end has not moved and the next record goes over what was written of this one.
    this.#file.write(this.#end, writer.view());
    this.#end += writer.length;
  }

  commit(): void {
    if (!this.#dirty) return;
    this.#file.sync();
    this.#dirty = false;
  }

  close(): void {
    this.commit();
    this.#file.close();
  }
}
