import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { CaseOutcome } from "@fluxlab/sim";

/** What came of a seed. */
export interface SeedOutcome extends CaseOutcome {
  readonly seed: number;
  readonly nodes: number;
  /** Kinds of its faults, each as often as it was. */
  readonly faults: readonly string[];
}

export interface SeedPoolOptions {
  /** Worker threads; by default one a core. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
}

/** One worker a core. */
const defaultJobs = (): number => availableParallelism();

/**
 * Plays seeds, one worker thread a core, in whatever order they end. `next` names the next seed, undefined when there is none;
 * `done` is told of each. When `signal` aborts, the seeds under way are left.
 */
export async function playSeeds(
  next: () => number | undefined,
  done: (outcome: SeedOutcome) => void,
  { jobs = defaultJobs(), signal }: SeedPoolOptions,
): Promise<void> {
  const workers: Worker[] = [];
  const oneWorker = () =>
    new Promise<void>((resolve, reject) => {
      const first = next();
      if (first === undefined) return resolve();
      const worker = new Worker(new URL("./seedWorker.ts", import.meta.url));
      workers.push(worker);
      signal?.addEventListener("abort", () => resolve(), { once: true });
      worker.on("error", reject);
      worker.on("message", (outcome: SeedOutcome) => {
        done(outcome);
        const seed = next();
        if (seed === undefined) resolve();
        else worker.postMessage(seed);
      });
      worker.postMessage(first);
    });
  try {
    await Promise.all(Array.from({ length: jobs }, oneWorker));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
