import { readFileSync } from "node:fs";
import { type Block, genesisBlock, mainnet, type Params, regtest, testnet } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { InvalidInput, networkGenesis, parseNetwork } from "@fluxlab/sim/scenario";

const BUILT_IN: Readonly<Record<string, Params>> = { main: mainnet, test: testnet, regtest };

/** A network and its first block. */
export interface Network {
  readonly params: Params;
  readonly genesis: Block;
}

/** One of the built-in networks by name, or that of a network file. @throws InputError naming the file and the field */
export function loadNetwork(nameOrFile: string): Network {
  const builtIn = Object.hasOwn(BUILT_IN, nameOrFile) ? BUILT_IN[nameOrFile] : undefined;
  if (builtIn !== undefined) return { params: builtIn, genesis: genesisBlock(builtIn)! };
  const text = readNetworkFile(nameOrFile);
  try {
    const params = parseNetwork(text);
    return { params, genesis: genesisOf(nameOrFile, text, params) };
  } catch (error) {
    if (error instanceof InvalidInput) throw new InputError(`--network ${nameOrFile}: ${error.message}`);
    throw error;
  }
}

function readNetworkFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const names = Object.keys(BUILT_IN).join(", ");
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(
      `--network ${file}: is none of ${names}, and ${code === "ENOENT" ? "there is no such file" : `no file that can be read (${code})`}`,
    );
  }
}

/**
 * Parameters name their first block; what they leave out is in the file: all of it where the block is the file's own, or the
 * solution of its puzzle.
 */
function genesisOf(file: string, text: string, params: Params): Block {
  const block = networkGenesis(text, params);
  if (block === undefined) {
    throw new InputError(
      `--network ${file}: genesis.hex or genesis.solution: expected the block ${params.genesis.hash}, or the Equihash solution of its puzzle, in hex`,
    );
  }
  return block;
}
