import { assert, type Block } from "@fluxlab/core";
import { BlockLog, type LogContents } from "./blockLog.ts";
import type { StoreFolder } from "./storeFolder.ts";

// The first file has the name that the only one used to have: a folder of an older version is one whose log has not grown on.

const FIRST = "blocks.log";
const LATER = /^blocks-(\d{6})\.log$/;
const nameOf = (file: number): string => (file === 0 ? FIRST : `blocks-${String(file).padStart(6, "0")}.log`);
/** Of a file name; undefined if it is none of ours. */
function numberOf(name: string): number | undefined {
  if (name === FIRST) return 0;
  const digits = LATER.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A new file begins when the last has so many bytes. All are open. Source: fluxd src/main.h MAX_BLOCKFILE_SIZE. */
export const FILE_BYTES: number = 128 * 1024 * 1024;

/** Where a block lies: the number of its file, and its place in it. As one number, file * 2^32 + place, in columns. */
export type BlockPlace = number;
const PLACES = 2 ** 32;
const fileOf = (place: BlockPlace): number => Math.floor(place / PLACES);

/** What of a file cannot be used. */
export interface LostBytes extends LogContents {
  /** Where it lies. */
  readonly file: string;
}

/**
 * The blocks of one network in order of arrival, in files that grow to a size and then never change, so that the oldest can be
 * taken away. Only the last is written to; the one before it is on the disk when it begins.
 */
export class BlockFiles {
  readonly #folder: StoreFolder;
  readonly #genesis: Uint8Array;
  readonly #fileBytes: number;
  readonly #logs: Map<number, BlockLog>;
  #first: number;
  #last: number;
  #bytes: number;
  readonly #lost: LostBytes[];

  /** @throws InputError if a file is none of this network */
  constructor(folder: StoreFolder, genesis: Uint8Array, fileBytes: number = FILE_BYTES) {
    this.#folder = folder;
    this.#genesis = genesis;
    this.#fileBytes = fileBytes;
    const numbers = folder.names().flatMap((name) => numberOf(name) ?? []);
    this.#logs = new Map();
    for (const number of numbers.length === 0 ? [0] : numbers) this.#open(number);
    this.#first = Math.min(...this.#logs.keys());
    this.#last = Math.max(...this.#logs.keys());
    this.#lost = [];
    this.#bytes = [...this.#logs.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #open(number: number): BlockLog {
    const name = nameOf(number);
    const log = new BlockLog(this.#folder.open(name), this.#genesis, this.#folder.file(name));
    this.#logs.set(number, log);
    return log;
  }

  /** Whether blocks were taken away. */
  get isPruned(): boolean {
    return this.#first > 0;
  }

  /** Bytes of all files. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Of the first block there is, or would be. */
  get start(): BlockPlace {
    return this.#first * PLACES + BlockLog.START;
  }

  /** Whether a place is in a file, or at the end of one. */
  has(place: BlockPlace): boolean {
    return place % PLACES <= (this.#logs.get(fileOf(place))?.size ?? -1);
  }

  /** Bytes from a place to the end. */
  bytesFrom(place: BlockPlace): number {
    return [...this.#logs].reduce((sum, [number, { size }]) => {
      if (number < fileOf(place)) return sum;
      return sum + size - (number === fileOf(place) ? place % PLACES : 0);
    }, 0);
  }

  /** Hands over every block from a place on, in order. Once, before anything is appended. */
  replay(take: (block: Block, place: BlockPlace) => void, from: BlockPlace = this.start): LogContents {
    let [blocks, bytesLost] = [0, 0];
    for (let number = fileOf(from); number <= this.#last; number++) {
      const log = this.#logs.get(number);
      if (log === undefined) continue;
      const start = number === fileOf(from) ? from % PLACES : BlockLog.START;
      const handOver = (block: Block, place: number): void => take(block, number * PLACES + place);
      const found = number === this.#last ? log.replay(handOver, start) : log.scan(handOver, start);
      blocks += found.blocks;
      bytesLost += found.bytesLost;
      if (found.bytesLost > 0) this.#lost.push({ file: this.#folder.file(nameOf(number)), ...found });
    }
    this.#bytes = [...this.#logs.values()].reduce((sum, { size }) => sum + size, 0);
    return { blocks, bytesLost };
  }

  /** Where {@link replay} found something that is no whole block. */
  get lost(): readonly LostBytes[] {
    return this.#lost;
  }

  /** A file that is missing between others; undefined if none is. */
  get gap(): string | undefined {
    for (let number = this.#first; number <= this.#last; number++)
      if (!this.#logs.has(number)) return this.#folder.file(nameOf(number));
    return undefined;
  }

  /** Adds a block behind the others. @throws if there is no room; then nothing was added, and later blocks may be */
  append(block: Block): BlockPlace {
    const log = this.#lastWithRoom();
    const before = log.size;
    const place = log.append(block);
    this.#bytes += log.size - before;
    return this.#last * PLACES + place;
  }

  #lastWithRoom(): BlockLog {
    const last = this.#logs.get(this.#last);
    assert(last !== undefined, "there is always a last file");
    if (last.size < this.#fileBytes) return last;
    last.commit();
    this.#last++;
    return this.#open(this.#last);
  }

  /** The block at a place; undefined if it was taken away or cannot be read any more. */
  read(place: BlockPlace): Block | undefined {
    return this.#logs.get(fileOf(place))?.read(place % PLACES);
  }

  /** Takes away the oldest files while all have more than `bytes`, but none from `keepFrom` on. How many went. */
  prune(bytes: number, keepFrom: BlockPlace): number {
    let removed = 0;
    while (this.#bytes > bytes && this.#first < Math.min(fileOf(keepFrom), this.#last)) {
      const log = this.#logs.get(this.#first);
      this.#bytes -= log?.size ?? 0;
      log?.close();
      this.#logs.delete(this.#first);
      this.#folder.remove(nameOf(this.#first));
      this.#first++;
      removed++;
    }
    return removed;
  }

  /** Returns when all that was appended would survive the machine's loss of power. */
  commit(): void {
    this.#logs.get(this.#last)?.commit();
  }

  close(): void {
    for (const log of this.#logs.values()) log.close();
  }

  /** Takes every file of a folder away, for a node that has to get its blocks anew. */
  static clear(folder: StoreFolder): void {
    for (const name of folder.names()) if (numberOf(name) !== undefined) folder.remove(name);
  }

  /** Whether the first blocks in a folder were taken away. */
  static arePruned(folder: StoreFolder): boolean {
    const numbers = folder.names().flatMap((name) => numberOf(name) ?? []);
    return numbers.length > 0 && Math.min(...numbers) > 0;
  }
}
