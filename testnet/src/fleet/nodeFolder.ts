import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObservation } from "./observation.ts";

/** Where a node of a testnet keeps its blocks. Being on the command line, it is also what leftovers are known by. */
export const dataFolderOf = (nodeFolder: string): string => join(nodeFolder, "data");

/** What a node said: a line of JSON each. */
export const logFileOf = (nodeFolder: string): string => join(nodeFolder, "node.log");

/** What is wrong with a node's disk, which looks there before it writes. */
export const diskTroubleFileOf = (nodeFolder: string): string => join(nodeFolder, "disk-trouble.json");

/** Folder of a node, given its testnet's. */
export const nodeFolderOf = (testnetFolder: string, index: number): string =>
  join(testnetFolder, "nodes", String(index));

/** What a node said to people last, newest at the end. */
export function lastLogLines(nodeFolder: string, count: number): readonly string[] {
  const file = logFileOf(nodeFolder);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.filter((line) => line !== "" && !isObservation(line)).slice(-count);
}
