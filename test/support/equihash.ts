import { type EquihashVerifier, plainEquihash } from "@fluxlab/core";
import { nodeEquihash } from "@fluxlab/core/host";

export const wasmEquihash = nodeEquihash();

/** Both forms, which have to agree on everything. */
export const verifiers: readonly (readonly [name: string, verifier: EquihashVerifier])[] = [
  ["plain TypeScript", plainEquihash],
  ["WebAssembly", wasmEquihash],
];

export {
  type EquihashVectors,
  puzzleInput,
  solutionSet,
} from "./equihashVectors.ts";
