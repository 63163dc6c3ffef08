import type { AppendFile } from "./appendFile.ts";

/** A folder as the chain's files use it; tests put one in its place that loses what was not synced. */
export interface StoreFolder {
  /** Of all files in it. */
  names(): readonly string[];
  /** A file, which is made if there is none. */
  open(name: string): AppendFile;
  /** All of a file; undefined if there is none. */
  bytes(name: string): Uint8Array | undefined;
  /**
   * Puts what `write` writes into an empty file in the place of file `name`: whatever happens, the one before or the new one is there,
   * whole, and after this the new one.
   */
  replaceBy(name: string, write: (file: AppendFile) => void): void;
  /** Takes a file away, if it is there. */
  remove(name: string): void;
  /** Where a file lies, for errors and people. */
  file(name: string): string;
}
