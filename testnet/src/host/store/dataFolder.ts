import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import { type AppendFile, DiskFile, syncFolder } from "./appendFile.ts";
import type { StoreFolder } from "./storeFolder.ts";

const LOCK = "lock";

/** A folder that one process uses at a time. */
export class DataFolder implements StoreFolder {
  readonly path: string;
  readonly #onDisk: (file: AppendFile) => AppendFile;

  /**
   * Makes the folder if there is none, and takes it for this process. `onDisk`: what its files are written through.
   * @throws InputError if it cannot be used, or another process uses it
   */
  constructor(path: string, onDisk: (file: AppendFile) => AppendFile = (file) => file) {
    this.path = path;
    this.#onDisk = onDisk;
    try {
      mkdirSync(path, { recursive: true });
    } catch (error) {
      throw new InputError(`--datadir ${path}: cannot be made: ${(error as Error).message}`);
    }
    this.#lock();
  }

  /** Where a file of this folder lies. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** A process that was killed leaves its lock behind: one whose owner is gone is no lock. */
  #lock(): void {
    const lock = this.file(LOCK);
    const owner = Number(readText(lock));
    if (owner > 0 && owner !== process.pid && isRunning(owner)) {
      throw new InputError(
        `--datadir ${this.path}: process ${owner} uses it: stop that one, or choose another folder`,
      );
    }
    try {
      writeFileSync(lock, `${process.pid}\n`);
    } catch (error) {
      throw new InputError(`--datadir ${this.path}: cannot be written to: ${(error as Error).message}`);
    }
  }

  /** The text of a small file, or undefined if there is none. */
  read(name: string): string | undefined {
    return readText(this.file(name));
  }

  /** Puts a small file in the place of the one before: whatever happens, either is there, whole. */
  replace(name: string, text: string): void {
    this.replaceBy(name, (file) => file.write(0, Buffer.from(text)));
  }

  replaceBy(name: string, write: (file: AppendFile) => void): void {
    const path = this.file(name);
    const draft = `${path}.tmp`;
    const file = this.#onDisk(new DiskFile(draft));
    try {
      file.truncate(0); // of a process that died here
      write(file);
      file.sync();
    } finally {
      file.close();
    }
    renameSync(draft, path);
    syncFolder(this.path);
  }

  names(): readonly string[] {
    return readdirSync(this.path);
  }

  open(name: string): AppendFile {
    const path = this.file(name);
    try {
      return this.#onDisk(new DiskFile(path));
    } catch (error) {
      throw new InputError(
        `${path}: cannot be opened to read and write: ${(error as Error).message}: mend that, or choose another --datadir`,
      );
    }
  }

  bytes(name: string): Uint8Array | undefined {
    return whole(() => readFileSync(this.file(name)));
  }

  remove(name: string): void {
    rmSync(this.file(name), { force: true });
  }

  /** Leaves the folder to others. */
  release(): void {
    this.remove(LOCK);
  }
}

const readText = (path: string): string | undefined => whole(() => readFileSync(path, "utf8"));

/** What is read of a file; undefined if there is none. */
function whole<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Signal 0 goes nowhere; asking to send it says whether there is somebody. EPERM: there is, of another user. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
