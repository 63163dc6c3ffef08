import { type EquihashShape, type Found, hasBigSolver } from "@fluxlab/core";
import { NoMemoryError, type SolveOptions } from "../../threads/threadedSolver.ts";
import { InputError } from "../commandLine.ts";
import { nodeEquihash } from "../equihash.ts";
import { NodeSolver } from "../nodeSolver.ts";

/** A solver of any parameters, as the command line needs it. */
export interface Search {
  readonly memoryBytes: number;
  readonly threads: number;
  solve(puzzle: Uint8Array, options: SolveOptions): Promise<Found>;
  close(): Promise<void>;
}

/** The solver for `shape`: threads over shared memory, but for (48, 5), which takes less time than starting one. */
export function startSearch(shape: EquihashShape, threads: number): Search {
  if (!hasBigSolver(shape)) return smallSearch(shape);
  try {
    const solver = new NodeSolver(shape, threads);
    return {
      memoryBytes: solver.memoryBytes,
      threads,
      solve: (puzzle, options) => solver.solve(puzzle, options),
      close: () => solver.close(),
    };
  } catch (error) {
    if (error instanceof NoMemoryError) throw new InputError(error.message, { cause: error });
    throw error;
  }
}

function smallSearch(shape: EquihashShape): Search {
  const solver = nodeEquihash().smallSolver(shape)!;
  return {
    memoryBytes: 0,
    threads: 1,
    async solve(puzzle, { signal }) {
      signal?.throwIfAborted();
      await new Promise((resume) => setImmediate(resume)); // so that Ctrl-C is heard
      return { solutions: solver.solve(puzzle)!, lostRows: 0 };
    },
    close: () => Promise.resolve(),
  };
}
