import { Worker } from "node:worker_threads";
import type { AnyRecord } from "@fluxlab/sim";
import { isSpread } from "@fluxlab/sim/scenario";
import { begin } from "./begin.ts";
import type { Loaded } from "./loadScenario.ts";

/** How far a run is, in steps of its own. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: "blocks" | "seconds" | "runs" | "%";
}

export interface PlayOptions {
  /** Plays in a thread of its own; what comes out is the same. */
  readonly worker?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the run early; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Steps between looks at the clock and the signal, some tens of milliseconds: a block that travels costs more than one that is paid. */
const SLICE = { economy: 20_000, relay: 1, network: 5 } as const;

/** Plays a scenario to its end, in slices, so that progress is drawn and Ctrl-C is heard. */
export function playScenario(loaded: Loaded, seed: number, options: PlayOptions = {}): Promise<AnyRecord> {
  return options.worker === true ? playInWorker(loaded, seed, options) : playHere(loaded, seed, options);
}

/** The slices themselves, for this thread and for the worker's. */
export async function playHere(
  loaded: Loaded,
  seed: number,
  { onProgress, signal }: PlayOptions,
): Promise<AnyRecord> {
  const { scenario } = loaded;
  const run = begin(loaded, seed);
  const slice = SLICE[isSpread(scenario) ? scenario.fidelity : "economy"];
  while (!run.done) {
    signal?.throwIfAborted();
    run.advance(run.slice ?? slice);
    onProgress?.({ done: run.stepsDone, total: run.stepsTotal, unit: run.unit });
    await new Promise((resume) => setImmediate(resume));
  }
  return run.record();
}

/** What the worker says; see playWorker.ts. */
export type WorkerMessage =
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "record"; readonly record: AnyRecord };

async function playInWorker(loaded: Loaded, seed: number, options: PlayOptions): Promise<AnyRecord> {
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
