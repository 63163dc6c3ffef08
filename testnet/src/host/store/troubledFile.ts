import { readFileSync } from "node:fs";
import { InputError } from "@fluxlab/core/command-line";
import type { AppendFile } from "./appendFile.ts";

// A disk that is full or slow, in laboratories: a size-limited file system would need privileges that processes of a testnet lack.

/** What is wrong with a disk. */
export interface DiskTrouble {
  /** Whether nothing more fits. */
  readonly full: boolean;
  /** By how many milliseconds each write, and each wait for the disk, takes longer. */
  readonly slowMs: number;
}

/** What a file says is wrong with the disk, each time it is asked; nothing, as long as there is no such file. @throws InputError */
export function troubleIn(path: string): () => DiskTrouble {
  return () => {
    try {
      return JSON.parse(readFileSync(path, "utf8")) as DiskTrouble;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return { full: false, slowMs: 0 };
      throw new InputError(`--disk-trouble ${path}: expected {"full": false, "slowMs": 0}: ${error}`);
    }
  };
}

/** A file on a disk in trouble. */
export class TroubledFile implements AppendFile {
  readonly #file: AppendFile;
  readonly #trouble: () => DiskTrouble;

  constructor(file: AppendFile, trouble: () => DiskTrouble) {
    this.#file = file;
    this.#trouble = trouble;
  }

  get size(): number {
    return this.#file.size;
  }

  read(position: number, length: number): Uint8Array {
    return this.#file.read(position, length);
  }

  /** What lies over something that was there needs no more room. */
  write(position: number, bytes: Uint8Array): void {
    const { full, slowMs } = this.#trouble();
    wait(slowMs);
    if (full && position + bytes.length > this.#file.size)
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    this.#file.write(position, bytes);
  }

  truncate(size: number): void {
    this.#file.truncate(size);
  }

  sync(): void {
    wait(this.#trouble().slowMs);
    this.#file.sync();
  }

  close(): void {
    this.#file.close();
  }
}

/** Whoever writes to a slow disk stands still. */
function wait(ms: number): void {
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
