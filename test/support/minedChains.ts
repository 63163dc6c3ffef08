import {
  type Block,
  type EquihashVerifier,
  equihashParamsAt,
  equihashShape,
  type HeaderHistory,
  nextBits,
  type Params,
  SharedChains,
} from "@fluxlab/core";
import { ChainBuilder } from "./chainBuilder.ts";
import { fastEcdsa } from "./ecdsa.ts";
import { parseBlock, type RecordedLine } from "./replay.ts";
import { readJsonLines } from "./vectors.ts";

// Chains of any rules of the regtest kind, found at once: for tests that care what nodes make of blocks, where solutions and
// signatures are believed.

/** Solutions are believed: what is asked here is what rules say of one another's blocks. */
export const believing: EquihashVerifier = {
  check: () => undefined,
  checkAll: (claims) => claims.map(() => undefined),
};

/** Genesis and the blocks that miners under these rules find after it. `salt` tells apart the blocks of different miners. */
export function mined(
  params: Params,
  genesis: Block,
  blocks: number,
  salt = 0,
  from: readonly Block[] = [],
): Block[] {
  const chain = new ChainBuilder(params);
  chain.connect(genesis);
  const headers = [genesis.header];
  const history = (): HeaderHistory => ({
    height: headers.length - 1,
    time: (height) => headers[height]!.time,
    bits: (height) => headers[height]!.bits,
  });
  const found = [genesis];
  while (found.length <= blocks) {
    const known = from[found.length];
    const block = known ?? solved(chain.block([]), history());
    chain.connect(block);
    headers.push(block.header);
    found.push(block);
  }
  return found;

  function solved({ header, transactions }: Block, parents: HeaderHistory): Block {
    const height = parents.height + 1;
    const time = header.time + height * 1_000 + salt;
    const bits = nextBits(parents, time, params);
    if (header.kind === "pon") return { header: { ...header, time, bits }, transactions };
    const { solutionBytes } = equihashShape(equihashParamsAt(height, params)[0])!;
    return { header: { ...header, time, bits, solution: new Uint8Array(solutionBytes) }, transactions };
  }
}

/** Nothing yet, for nodes that believe. */
export const believingChains = (genesis: Block): SharedChains =>
  new SharedChains(genesis, { ecdsa: fastEcdsa, trust: "signatures", equihash: believing });
/** Recorded: the block of every network of the regtest kind. */
export const regtestGenesis = (): Block =>
  parseBlock(Buffer.from(readJsonLines<RecordedLine>("labnet/regtest-chain.jsonl")[0]!.hex, "hex"));
