import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Params } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { builtInNetworks, InvalidInput, parseNetwork } from "@fluxlab/sim/scenario";
import { fileError } from "./fileError.ts";

/**
 * A network by the name of one that is built in, or from its file, whose path is relative to `folder`.
 * @throws InputError naming the file, the place in it, and what was expected there.
 */
export function loadNetwork(nameOrFile: string, folder = "."): Params {
  if (Object.hasOwn(builtInNetworks, nameOrFile)) return builtInNetworks[nameOrFile]!;
  const file = resolve(folder, nameOrFile);
  try {
    return parseNetwork(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof InvalidInput) throw fileError(file, error.problems, error);
    const { code } = error as NodeJS.ErrnoException;
    const names = Object.keys(builtInNetworks).join(", ");
    throw new InputError(
      `${file}: the network file cannot be read (${code}); networks without a file are ${names}`,
      { cause: error },
    );
  }
}
