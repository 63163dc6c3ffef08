import type { EquihashParams } from "@fluxlab/core";
import type { FromSolverThread } from "../threads/messages.ts";
import type { SolverWorker } from "../threads/solverLine.ts";
import { ThreadedSolver } from "../threads/threadedSolver.ts";
import { fetchModule } from "./modules.ts";

const NOT_ISOLATED =
  "this page is not cross-origin isolated, so its threads cannot share memory: serve it over https or from localhost, with " +
  "the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";

/** Solves Equihash in workers of a page; close it when it is no longer needed. */
export class BrowserSolver extends ThreadedSolver {
  /** Why it has one thread only, though more were asked for. */
  readonly fallback: string | undefined;

  private constructor(params: EquihashParams, threads: number, module: Uint8Array, fallback?: string) {
    super(params, threads, {
      module: () => module,
      startWorker,
      sharesMemory: crossOriginIsolated,
      availableMemory: () => undefined,
    });
    this.fallback = fallback;
  }

  /**
   * A solver that has its memory. A page that is not isolated gets one thread, and {@link fallback} says why.
   * @throws NoMemoryError if the browser does not give the memory
   */
  static async start(params: EquihashParams, threads: number): Promise<BrowserSolver> {
    const fallback = threads > 1 && !crossOriginIsolated ? NOT_ISOLATED : undefined;
    const used = fallback === undefined ? threads : 1;
    const module = await fetchModule(used > 1 ? "equihashSolverShared" : "equihashSolver");
    const solver = new BrowserSolver(params, used, module, fallback);
    try {
      await solver.started;
    } catch (error) {
      await solver.close();
      throw error;
    }
    return solver;
  }
}

function startWorker(): SolverWorker {
  const worker = new Worker(new URL("./solverWorker.ts", import.meta.url), { type: "module" });
  return {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    attach(hear, fail) {
      worker.onmessage = ({ data }: MessageEvent<FromSolverThread>) => hear(data);
      worker.onerror = ({ message }) => fail(new Error(message || "the solver's worker could not be loaded"));
    },
    terminate: async () => worker.terminate(),
  };
}
