import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import { syncFolder } from "./appendFile.ts";

const LOCK = "lock";

/** A folder that one process uses at a time. */
export class DataFolder {
  readonly path: string;

  /**
   * Makes the folder if there is none, and takes it for this process.
   * @throws InputError if it cannot be used, or another process uses it
   */
  constructor(path: string) {
    this.path = path;
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
    const path = this.file(name);
    const draft = `${path}.tmp`;
    const descriptor = openSync(draft, "w");
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, path);
    syncFolder(this.path);
  }

  /** Leaves the folder to others. */
  release(): void {
    rmSync(this.file(LOCK), { force: true });
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
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
