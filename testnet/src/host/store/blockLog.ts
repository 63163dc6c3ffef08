import { type Block, equalBytes } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import {
  BLOCK_LOG_HEADING_BYTES,
  BLOCK_LOG_MARK,
  blockRecord,
  type ReadBytes,
  readBlockRecord,
} from "@fluxlab/core/host";
import type { AppendFile } from "./appendFile.ts";
import type { ChainStore, StoreContents } from "./chainStore.ts";

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
    this.#end = BLOCK_LOG_HEADING_BYTES;
    this.#dirty = false;
    const heading = Uint8Array.from([...BLOCK_LOG_MARK, ...genesis]);
    const found = file.read(0, BLOCK_LOG_HEADING_BYTES);
    if (equalBytes(found, heading)) return;
    // A log whose heading is incomplete was being made when the machine stopped, and holds nothing.
    if (found.length === BLOCK_LOG_HEADING_BYTES && found.some((byte) => byte !== 0)) {
      const ours = equalBytes(found.subarray(0, BLOCK_LOG_MARK.length), BLOCK_LOG_MARK);
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
    const read: ReadBytes = (position, length) => this.#file.read(position, length);
    for (let record = readBlockRecord(read, this.#end); record !== undefined; ) {
      this.#end = record.next;
      take(record.block);
      blocks++;
      record = readBlockRecord(read, this.#end);
    }
    const bytesLost = Math.max(0, size - this.#end);
    if (bytesLost > 0) {
      this.#file.truncate(this.#end);
      // Before anything follows: or else what was cut off could come back behind it.
      this.#file.sync();
    }
    return { blocks, bytesLost };
  }

  append(block: Block): void {
    const record = blockRecord(block);
    this.#dirty = true;
    // If that throws, the end has not moved and the next record goes over what was written of this one.
    this.#file.write(this.#end, record);
    this.#end += record.length;
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
