import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../vectors/", import.meta.url));

/** A JSON file of test/vectors. */
export const readVectors = <T>(name: string): T => JSON.parse(readFileSync(folder + name, "utf8")) as T;

/** A file of test/vectors with one JSON value a line. */
export const readVectorLines = <T>(name: string): T[] =>
  readFileSync(folder + name, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);

export const readVectorText = (name: string): string => readFileSync(folder + name, "utf8");
