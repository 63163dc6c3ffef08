import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

// Vectors recorded from the reference daemon or taken from other projects' suites. They lie beside the checkout and are
// not part of it.

const root = fileURLToPath(new URL("../../../shared/vectors/", import.meta.url));
export const vectorsPresent = existsSync(root);

/** Where a file lies on this machine. */
export const vectorPath = (path: string): string => root + path;

/** One JSON file, as the type the caller knows it to have. */
export const readJson = <T>(path: string): T => JSON.parse(readFileSync(root + path, "utf8")) as T;

/** A file of one JSON object a line. */
export const readJsonLines = <T>(path: string): T[] =>
  readFileSync(root + path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);

/** Names of the files of a folder. */
export const listVectors = (folder: string): string[] => readdirSync(root + folder).sort();

/** A recorded block: `hex`, or `hexGz`, base64 of gzip of its bytes. */
export const caseBytes = (each: { hex?: string; hexGz?: string }): Uint8Array =>
  each.hexGz === undefined
    ? Buffer.from(each.hex ?? "", "hex")
    : gunzipSync(Buffer.from(each.hexGz, "base64"));
