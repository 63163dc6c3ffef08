import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "vitest";

/** Recordings and other projects' vectors lie beside the repository and are not part of it. */
const FOLDER = fileURLToPath(new URL("../../../shared/vectors/", import.meta.url));

/** The parsed JSON of a vector file. Files are ours to trust; a test that meets another shape fails by itself. */
export const readVectors = <T>(file: string): T => JSON.parse(readFileSync(FOLDER + file, "utf8")) as T;

/**
 * A test that reads `files`. Where they are absent it is skipped and its name says why; continuous integration must have
 * them, so there it fails.
 */
export function vectorTest(name: string, files: readonly string[], body: () => void): void {
  const missing = files.filter((file) => !existsSync(FOLDER + file));
  const why = `${name} (SKIPPED: no ${missing.join(", ")} in shared/vectors beside the repository)`;
  if (missing.length === 0) test(name, body);
  else if (process.env["CI"] === undefined) test.skipIf(true)(why, body);
  else {
    test(why, () => {
      throw new Error(why);
    });
  }
}
