import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

// Copies of nodes' data folders, also of nodes that run.

/** What belongs to the process, not to the data. */
const OF_THE_PROCESS = new Set(["lock", ".cookie", "filler"]);
const BLOCKS = /^blocks(-\d{6})?\.log$/;

/**
 * The files of a data folder in the order in which a copy is whole: what speaks of blocks before the blocks, so that it never speaks of
 * any that the copy lacks. Of what is written meanwhile the copy has a part, as after a crash.
 */
export const dataFiles = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !OF_THE_PROCESS.has(entry.name) && !entry.name.endsWith(".tmp"))
    .map(({ name }) => name)
    .sort((a, b) => Number(BLOCKS.test(a)) - Number(BLOCKS.test(b)) || (a < b ? -1 : 1));

/** Copies a data folder of this machine. */
export function copyData(from: string, into: string): void {
  mkdirSync(into, { recursive: true });
  for (const name of dataFiles(from)) copyFileSync(join(from, name), join(into, name));
}
