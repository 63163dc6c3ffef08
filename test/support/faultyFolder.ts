import type { AppendFile, StoreFolder } from "@fluxlab/testnet/host";
import { FaultyFile } from "./faultyFile.ts";

/** What a process sees when the power fails: nothing more happens. */
export class PowerFailure extends Error {}

/**
 * A folder of {@link FaultyFile}s on a disk that keeps its word. The power fails before the operation of a given number: files
 * keep what was synced, and of the rest any sectors. Names change at once and last, as after an fsync of the folder.
 */
export class FaultyFolder implements StoreFolder {
  readonly #files: Map<string, FaultyFile>;
  /** Operations until the power fails. */
  left: number = Number.POSITIVE_INFINITY;
  /** Operations so far. */
  done = 0;
  /** Bytes that can still be written to all files together before the disk is full. */
  room = Number.POSITIVE_INFINITY;

  constructor(files: ReadonlyMap<string, FaultyFile> = new Map()) {
    this.#files = new Map(files);
  }

  #step(): void {
    if (this.left-- <= 0) throw new PowerFailure("the power failed");
    this.done++;
  }

  #counted(file: FaultyFile): AppendFile {
    const step = () => this.#step();
    const room = () => this.room;
    const spend = (left: number) => {
      this.room = left;
    };
    return {
      get size() {
        return file.size;
      },
      read: (position, length) => file.read(position, length),
      write(position, bytes) {
        step();
        file.room = room();
        try {
          file.write(position, bytes);
        } finally {
          spend(file.room);
        }
      },
      truncate(size) {
        step();
        file.truncate(size);
      },
      sync() {
        step();
        file.sync();
      },
      close() {},
    };
  }

  names(): readonly string[] {
    return [...this.#files.keys()];
  }

  open(name: string): AppendFile {
    const file = this.#files.get(name) ?? new FaultyFile();
    this.#files.set(name, file);
    return this.#counted(file);
  }

  bytes(name: string): Uint8Array | undefined {
    const file = this.#files.get(name);
    return file?.read(0, file.size);
  }

  replaceBy(name: string, write: (file: AppendFile) => void): void {
    const draft = new FaultyFile();
    this.#files.set(`${name}.tmp`, draft);
    const file = this.#counted(draft);
    write(file);
    file.sync();
    this.#step();
    this.#files.set(name, draft);
    this.#files.delete(`${name}.tmp`);
  }

  remove(name: string): void {
    this.#step();
    this.#files.delete(name);
  }

  file(name: string): string {
    return `disk/${name}`;
  }

  /** What is there when the power is back. */
  crash(keeps: () => boolean): FaultyFolder {
    return new FaultyFolder(new Map([...this.#files].map(([name, file]) => [name, file.crash(keeps)])));
  }
}
