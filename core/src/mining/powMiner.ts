import { packIndices } from "../crypto/equihash/packing.ts";
import { equihashShape } from "../crypto/equihash/params.ts";
import type { EquihashSolver } from "../crypto/equihash/solve.ts";
import type { EquihashParams, Params } from "../params/params.ts";
import type { Block } from "../primitives/block.ts";
import { blockHash, equihashInput, type PowHeader } from "../primitives/header.ts";
import { merkleTree } from "../primitives/merkle.ts";
import type { OrdinaryTransaction } from "../primitives/transaction.ts";
import { txid } from "../primitives/txid.ts";
import { equihashParamsAt } from "../rules/equihashRules.ts";
import { modelledSolution, proofIsModelled } from "../rules/modelledProof.ts";
import { checkProofOfWork } from "../rules/pow.ts";
import { assert } from "../util/assert.ts";
import { withExtraNonce } from "./coinbase.ts";
import { nextNonce } from "./nonce.ts";
import type { BlockTemplate } from "./template.ts";

// From a template to a block with proof of work. Solving is the host's business: a thread pool, a module or the plain solver.
// Source: fluxd src/miner.cpp BitcoinMiner.

/** A block of proof of work, solved or not. */
export interface PowBlock extends Block {
  readonly header: PowHeader;
}

/**
 * What to solve next: the template's block with this count in its coinbase, and the template's nonce. `extraNonce`: 1 for the first
 * block on each parent. Source: fluxd src/miner.cpp IncrementExtraNonce.
 */
export function powCandidate({ height, block, entries }: BlockTemplate, extraNonce: number): PowBlock {
  const { header, transactions } = block;
  assert(header.kind === "pow", "only proof-of-work blocks are mined");
  const coinbase = withExtraNonce(transactions[0] as OrdinaryTransaction, height, extraNonce);
  const merkleRoot = merkleTree([txid(coinbase), ...entries.map(({ entry }) => entry.txid)]).root;
  return { header: { ...header, merkleRoot }, transactions: [coinbase, ...transactions.slice(1)] };
}

/** The parameters of the puzzle that a block at `height` sets its miner. */
export const puzzleParams = (height: number, params: Params): EquihashParams =>
  equihashParamsAt(height, params)[0];

/** The block with the first of these solutions of its nonce whose hash meets the target; undefined if none does. */
export function solvedBlock(
  { header, transactions }: PowBlock,
  solutions: Iterable<readonly number[]>,
  height: number,
  params: Params,
): PowBlock | undefined {
  const shape = equihashShape(puzzleParams(height, params));
  assert(shape !== undefined, "a network's Equihash parameters are ones that somebody defined");
  for (const indices of solutions) {
    const solved = { ...header, solution: packIndices(indices, shape) };
    if (checkProofOfWork(blockHash(solved), solved.bits, params)) return { header: solved, transactions };
  }
  return undefined;
}

/** The block on a network where proof of work is modelled: whoever calls it has been given the block by chance. */
export function modelledBlock({ header, transactions }: PowBlock, height: number, params: Params): PowBlock {
  assert(proofIsModelled(params), `${params.name} wants real proof of work`);
  return { header: { ...header, solution: modelledSolution(height, params) }, transactions };
}

/**
 * Mines a template on the spot, nonce by nonce. Undefined once `keepOn`, asked before each nonce, says no. `solver` is asked for
 * only where proof is real.
 */
export function mineBlock(
  template: BlockTemplate,
  params: Params,
  solver: () => EquihashSolver,
  keepOn: () => boolean = () => true,
): PowBlock | undefined {
  const { height } = template;
  if (proofIsModelled(params)) return modelledBlock(powCandidate(template, 1), height, params);
  const search = solver();
  for (let extraNonce = 1; ; extraNonce++) {
    const { header, transactions } = powCandidate(template, extraNonce);
    for (let nonce: Uint8Array | undefined = header.nonce; nonce !== undefined; nonce = nextNonce(nonce)) {
      if (!keepOn()) return undefined;
      const attempt = { header: { ...header, nonce }, transactions };
      const solutions = search.solve(equihashInput(attempt.header)) ?? [];
      const block = solvedBlock(attempt, solutions, height, params);
      if (block !== undefined) return block;
    }
  }
}
