import { readFileSync, statSync } from "node:fs";
import { InputError } from "./commandLine.ts";

/** Nothing these programs read comes near it; what exceeds it is not one of their files. */
const MAX_FILE_BYTES = 256 * 2 ** 20;

const STANDARD_INPUT = 0;

/** The text of a file, or of standard input for "-". @throws InputError */
export function readText(file: string): string {
  try {
    if (file === "-") return readFileSync(STANDARD_INPUT, "utf8");
    const { size } = statSync(file);
    if (size > MAX_FILE_BYTES)
      throw new InputError(`${file}: too large (${size} bytes, at most ${MAX_FILE_BYTES})`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new InputError(`${file}: ${why}`, { cause: error });
  }
}
