import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { mainnet, type Params, regtest, testnet } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { InvalidInput, labParams, parseNetwork } from "@fluxlab/sim/scenario";
import { fileError } from "./fileError.ts";

const BUILT_IN: Readonly<Record<string, Params>> = { main: mainnet, test: testnet, regtest, lab: labParams };

/**
 * A network by the name of one that is built in, or from its file, whose path is relative to `folder`.
 * @throws InputError naming the file, the place in it, and what was expected there.
 */
export function loadNetwork(nameOrFile: string, folder = "."): Params {
  if (Object.hasOwn(BUILT_IN, nameOrFile)) return BUILT_IN[nameOrFile]!;
  const file = resolve(folder, nameOrFile);
  try {
    return parseNetwork(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof InvalidInput) throw fileError(file, error.problems, error);
    const { code } = error as NodeJS.ErrnoException;
    const names = Object.keys(BUILT_IN).join(", ");
    throw new InputError(
      `${file}: the network file cannot be read (${code}); networks without a file are ${names}`,
      { cause: error },
    );
  }
}
