import { closeSync, openSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import { dataFolderOf, diskTroubleFileOf } from "./nodeFolder.ts";

/** Of a runner's node, what its disk is known by. */
interface DiskOwner {
  readonly index: number;
  readonly folder: string;
  /** Undefined: the node of this checkout. */
  readonly program: { readonly file: string } | undefined;
}

/** What is wrong with a node's disk, as the node reads it. */
export interface DiskTrouble {
  readonly full: boolean;
  /** By how many milliseconds each write takes longer. */
  readonly slowMs: number;
}

const CHUNK = Buffer.alloc(64 * 1024);

/**
 * Sets what is wrong with a node's disk, at its place. A disk of its own is filled until nothing more fits; for others, and for
 * slowness, the node is told, since filling the machine's would be no fault of the node's.
 * @throws InputError for a program that cannot be told
 */
export function troubleDisk({ index, folder, program }: DiskOwner, trouble: DiskTrouble): void {
  const data = dataFolderOf(folder);
  const own = statSync(data).dev !== statSync(dirname(data)).dev;
  if (own) fill(data, trouble.full);
  const told = { ...trouble, full: trouble.full && !own };
  if (program !== undefined && (told.full || told.slowMs > 0))
    throw new InputError(
      `disk: node ${index} runs ${program.file}, which cannot be told of it: name nodes of this checkout`,
    );
  const file = diskTroubleFileOf(folder);
  writeFileSync(`${file}.tmp`, JSON.stringify(told));
  renameSync(`${file}.tmp`, file); // the node never meets half of it
}

function fill(data: string, full: boolean): void {
  const filler = join(data, "filler");
  if (!full) return rmSync(filler, { force: true });
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
