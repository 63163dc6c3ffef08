import {
  type EquihashFault,
  loadEquihash,
  loadSolver,
  newSolverMemory,
  plainEquihash,
  singleThreadSolver,
  wireHex,
} from "@fluxlab/core";

// What browser.test.ts runs in a page and in a worker of it: one call, plain data in and out.

export interface BrowserTask {
  /** The modules, in hex. */
  readonly equihash: string;
  readonly solver: string;
  /** Claims in hex. */
  readonly claims: readonly { n: number; k: number; input: string; solution: string }[];
  /** An input of (96, 5). */
  readonly puzzle: string;
}

export interface BrowserAnswer {
  readonly plain: readonly (EquihashFault | null)[];
  readonly fast: readonly (EquihashFault | null)[];
  readonly small: readonly (readonly number[])[];
  readonly bucketed: readonly (readonly number[])[];
}

/** Does it all; undefined becomes null, as in JSON. */
export function equihashInBrowser(task: BrowserTask): BrowserAnswer {
  const wasm = loadEquihash(wireHex(task.equihash));
  if (typeof wasm === "string") throw new Error(wasm);
  const claims = task.claims.map(({ n, k, input, solution }) => ({
    params: { n, k },
    input: wireHex(input),
    solution: wireHex(solution),
  }));
  const params = { n: 96, k: 5 };
  const memory = newSolverMemory(false);
  if (typeof memory === "string") throw new Error(memory);
  const thread = loadSolver(wireHex(task.solver), memory, params);
  if (typeof thread === "string") throw new Error(thread);
  thread.reserve();
  const puzzle = wireHex(task.puzzle);
  return {
    plain: plainEquihash.checkAll(claims).map((fault) => fault ?? null),
    fast: wasm.checkAll(claims).map((fault) => fault ?? null),
    small: wasm.smallSolver(params)!.solve(puzzle)!,
    bucketed: singleThreadSolver(thread).solve(puzzle)!,
  };
}
