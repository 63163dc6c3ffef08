import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** A file as a log uses it; tests put one in its place that loses what was not synced. */
export interface AppendFile {
  /** Bytes. */
  readonly size: number;
  /** Up to `length` bytes from `position`; fewer only at the end. */
  read(position: number, length: number): Uint8Array;
  /** Writes all of `bytes` there, over what there was. @throws if only a part could be written */
  write(position: number, bytes: Uint8Array): void;
  /** Cuts the file off. */
  truncate(size: number): void;
  /** Returns when everything written so far is on the disk. */
  sync(): void;
  close(): void;
}

/** A file of the operating system, which is made if there is none. */
export class DiskFile implements AppendFile {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT);
    syncFolder(dirname(path)); // a new file is lost with its name
  }

  get size(): number {
    return fstatSync(this.#descriptor).size;
  }

  read(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(this.#descriptor, bytes, filled, length - filled, position + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  write(position: number, bytes: Uint8Array): void {
    let written = 0;
    while (written < bytes.length) {
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written, position + written);
    }
  }

  truncate(size: number): void {
    ftruncateSync(this.#descriptor, size);
  }

  sync(): void {
    fdatasyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Makes names in a folder last: files made in it, and files that were given another name. */
export function syncFolder(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
