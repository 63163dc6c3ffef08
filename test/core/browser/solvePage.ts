import { EQUIHASH_SHAPES, type EquihashParams, wireHex } from "@fluxlab/core";
import { BrowserSolver, browserEquihash } from "@fluxlab/core/browser";

// What browserSolver.test.ts runs in a page: plain data in and out.

export interface PageAnswer {
  readonly isolated: boolean;
  readonly threads: number;
  readonly fallback: string | null;
  readonly solutions: readonly (readonly number[])[];
  readonly lostRows: number;
  /** Steps of which the page was told, and the last share. */
  readonly steps: number;
  readonly share: number;
  /** Message of the search that was stopped before, and the share at which it was. */
  readonly stopped: string;
  readonly stoppedAt: number;
}

/** Begins a search, stops it at a fifth, and searches again. */
export async function solveInPage(
  params: EquihashParams,
  threads: number,
  input: string,
): Promise<PageAnswer> {
  const solver = await BrowserSolver.start(params, threads);
  try {
    const controller = new AbortController();
    let stoppedAt = 0;
    const stopped = await solver
      .solve(wireHex(input), {
        signal: controller.signal,
        onProgress: (share) => {
          stoppedAt = share;
          if (share > 0.2) controller.abort(new Error("enough"));
        },
      })
      .then(
        () => "not stopped",
        ({ message }: Error) => message,
      );
    let steps = 0;
    let share = 0;
    const onProgress = (now: number): void => {
      steps++;
      share = now;
    };
    const { solutions, lostRows } = await solver.solve(wireHex(input), { onProgress });
    const fallback = solver.fallback ?? null;
    const { crossOriginIsolated: isolated } = globalThis as unknown as { crossOriginIsolated: boolean };
    return {
      isolated,
      threads: solver.threads,
      fallback,
      solutions,
      lostRows,
      steps,
      share,
      stopped,
      stoppedAt,
    };
  } finally {
    await solver.close();
  }
}

/** The solutions of (48, 5), which need no thread. */
export async function solveSmallInPage(input: string): Promise<readonly (readonly number[])[]> {
  const wasm = await browserEquihash();
  if (typeof wasm === "string") throw new Error(wasm);
  const shape = EQUIHASH_SHAPES.find(({ n }) => n === 48)!;
  return wasm.smallSolver(shape)!.solve(wireHex(input))!;
}
