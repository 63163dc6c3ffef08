import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Block, blockHash, genesisBlock, type Params, toDisplayHex } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { readBlocks } from "@fluxlab/core/host";
import { type ConnectedChain, connectedChain, NoChain } from "@fluxlab/sim";
import { networkGenesis } from "@fluxlab/sim/scenario";

/** Where a chain that a run goes on from is kept. */
export interface ChainSource {
  /** A recorded chain, a file of blocks, or a node's data folder. */
  readonly path: string;
  /** Of the last block to take; undefined: all. */
  readonly height: number | undefined;
}

/**
 * Reads a chain and connects it by its network's rules. `network`: name or file, relative to `folder`.
 * @throws InputError naming the file and what is wrong with it
 */
export function readChain(
  { path, height }: ChainSource,
  params: Params,
  network: string,
  folder: string,
): ConnectedChain {
  const blocks = readBlocks(path, params);
  const first = blocks.next();
  if (first.done === true) throw new InputError(`${path}: holds no blocks of ${params.name}`);
  const isGenesis = toDisplayHex(blockHash(first.value.header)) === params.genesis.hash;
  const genesis = isGenesis ? first.value : loadGenesis(params, network, folder);
  if (genesis === undefined) {
    throw new InputError(
      `${path}: begins without the genesis block of ${params.name}, ${params.genesis.hash}, which the network file has to give as "genesis"`,
    );
  }
  try {
    return connectedChain(genesis, isGenesis ? blocks : withFirst(first.value, blocks), params, height);
  } catch (error) {
    if (error instanceof NoChain) throw new InputError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

function* withFirst(first: Block, others: Iterable<Block>): Generator<Block> {
  yield first;
  yield* others;
}

/** That of a network file with its solution, or of a built-in network. */
function loadGenesis(params: Params, network: string, folder: string): Block | undefined {
  if (!network.endsWith(".json")) return genesisBlock(params);
  return networkGenesis(readFileSync(resolve(folder, network), "utf8"), params);
}
