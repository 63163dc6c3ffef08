import { type EquihashParams, wireHex } from "@fluxlab/core";

/** equihash.json, as far as tests read it. */
export interface EquihashVectors {
  readonly arrays: readonly { bitLen: number; bytePad: number; compact: string; expanded: string }[];
  readonly minimal: readonly { collisionBitLength: number; indices: number[]; minimal: string }[];
  readonly solutionSets: readonly (Puzzle & { allSolutions: number[][] })[];
  readonly solutions: readonly (Puzzle & {
    id: string;
    solution: string;
    valid: boolean;
    reason?: string;
    indices?: number[];
  })[];
  readonly headers: readonly (EquihashParams & {
    headerWithoutSolution: string;
    solution: string;
    blockHash: string;
  })[];
  readonly hashOutputs: readonly (Puzzle & { hashIndex: number; digest: string; rows: string[] })[];
}

interface Puzzle extends EquihashParams {
  readonly input: string;
  readonly nonce: string;
}

/** What the puzzle's BLAKE2b is fed. */
export const puzzleInput = ({ input, nonce }: Puzzle): Uint8Array => wireHex(input + nonce);

/** Index lists as sorted text: sets of solutions compare by it. */
export const solutionSet = (solutions: readonly (readonly number[])[]): string[] =>
  solutions.map((indices) => indices.join()).sort();
