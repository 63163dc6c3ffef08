import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import { dataFolderOf } from "../nodeFolder.ts";

const CHUNK = Buffer.alloc(64 * 1024);

/**
 * Fills the disk that a node's data lies on until nothing more fits, or makes room again.
 * @throws InputError if that disk is not the node's own: filling the machine's would be no fault of the node's
 */
export function fillDisk(nodeFolder: string, full: boolean): void {
  const folder = dataFolderOf(nodeFolder);
  const filler = join(folder, "filler");
  if (!full) return rmSync(filler, { force: true });
  if (statSync(folder).dev === statSync(dirname(folder)).dev)
    throw new InputError("disk: the node has no disk of its own to be filled: give it one by --disk-mb");
  const file = openSync(filler, "a");
  try {
    for (let size = CHUNK.length; size > 0; size = Math.floor(size / 2)) while (fits(file, size));
  } finally {
    closeSync(file);
  }
}

function fits(file: number, size: number): boolean {
  try {
    return writeSync(file, CHUNK, 0, size) === size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") return false;
    throw error;
  }
}
