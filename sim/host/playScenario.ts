import { Worker } from "node:worker_threads";
import { Run, type RunRecord } from "@fluxlab/sim";
import type { Loaded } from "./loadScenario.ts";

export interface Progress {
  readonly blocksDone: number;
  readonly blocksTotal: number;
}

export interface PlayOptions {
  /** Plays in a thread of its own; what comes out is the same. */
  readonly worker?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the run early; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Blocks between looks at the clock and the signal: some tens of milliseconds. */
const SLICE_BLOCKS = 20_000;

/** Plays a scenario to its end, in slices, so that progress is drawn and Ctrl-C is heard. */
export function playScenario(loaded: Loaded, seed: number, options: PlayOptions = {}): Promise<RunRecord> {
  return options.worker === true ? playInWorker(loaded, seed, options) : playHere(loaded, seed, options);
}

/** The slices themselves, for this thread and for the worker's. */
export async function playHere(
  { scenario, params }: Loaded,
  seed: number,
  { onProgress, signal }: PlayOptions,
): Promise<RunRecord> {
  const run = new Run(scenario, params, seed);
  while (!run.done) {
    signal?.throwIfAborted();
    run.advance(SLICE_BLOCKS);
    onProgress?.({ blocksDone: run.blocksDone, blocksTotal: run.blocksTotal });
    await new Promise((resume) => setImmediate(resume));
  }
  return run.record();
}

/** What the worker says; see playWorker.ts. */
export type WorkerMessage =
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "record"; readonly record: RunRecord };

async function playInWorker(loaded: Loaded, seed: number, options: PlayOptions): Promise<RunRecord> {
  const { onProgress, signal } = options;
  const worker = new Worker(new URL("./playWorker.ts", import.meta.url), { workerData: { loaded, seed } });
  try {
    return await new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error("The worker ended before its run did")));
      worker.on("message", (message: WorkerMessage) => {
        if (message.type === "progress") onProgress?.(message.progress);
        else resolve(message.record);
      });
    });
  } finally {
    await worker.terminate();
  }
}
