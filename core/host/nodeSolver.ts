import { Worker } from "node:worker_threads";
import {
  type EquihashParams,
  type Found,
  loadSolver,
  newSolverMemory,
  type SolverThread,
} from "@fluxlab/core";
import { orThrow, readModule } from "./equihash.ts";
import type { FromSolverThread, SolverWorkerData, ToSolverThread } from "./solverMessages.ts";

/** Progress and cancellation of a search. */
export interface NodeSolveOptions {
  /** Told after every step how much of the search is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Ends the search early; the promise then rejects with the signal's reason, and another search may begin. */
  readonly signal?: AbortSignal;
}

/** There is not enough memory for what was asked. */
export class NoMemoryError extends Error {
  override name = "NoMemoryError";
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString("en")} MiB`;

/**
 * Solves Equihash in worker threads over one shared memory. Close it: its threads keep the process alive.
 * @throws NoMemoryError before any memory is taken, if the machine has less than the solver needs
 */
export class NodeSolver {
  readonly memoryBytes: number;
  /** An instance on this thread, for what is done when the others rest. */
  readonly #here: SolverThread;
  readonly #workers: readonly Worker[];
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));

  constructor(params: EquihashParams, threads: number) {
    const memory = orThrow(newSolverMemory(true));
    const here = orThrow(loadSolver(readModule("equihashSolverShared"), memory, params, threads));
    this.#here = here;
    this.memoryBytes = here.memoryBytes;
    const available = process.availableMemory();
    if (available < here.memoryBytes || !here.reserve()) {
      const needed = mebibytes(here.memoryBytes);
      throw new NoMemoryError(
        `(${params.n}, ${params.k}) with ${threads} threads needs ${needed} of memory, ${mebibytes(available)} are free`,
      );
    }
    this.#workers = Array.from({ length: threads }, (_, thread) => {
      const workerData: SolverWorkerData = { memory, params, threads, thread, stop: this.#stop };
      return new Worker(new URL("./solverWorker.ts", import.meta.url), { workerData });
    });
  }

  /** All solutions of `input`, a header up to and with its nonce. One search at a time. */
  async solve(input: Uint8Array, { onProgress, signal }: NodeSolveOptions = {}): Promise<Found> {
    const steps = this.#here.phases.reduce((sum, each) => sum + each, 0) * this.#workers.length;
    let done = 0;
    const onStep = () => onProgress?.(++done / steps);
    const stop = () => Atomics.store(this.#stop, 0, 1);
    signal?.throwIfAborted();
    Atomics.store(this.#stop, 0, 0);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      this.#here.begin(input);
      await this.#all({ type: "begin", input }, onStep);
      for (let phase = 0; phase < this.#here.phases.length; phase++) {
        await this.#all({ type: "phase", phase }, onStep);
        signal?.throwIfAborted();
      }
      return this.#here.found();
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** Asks all threads and waits for all. */
  async #all(message: ToSolverThread, onStep: () => void): Promise<void> {
    await Promise.all(this.#workers.map((worker) => ask(worker, message, onStep)));
  }
}

function ask(worker: Worker, message: ToSolverThread, onStep: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.off("message", hear);
      worker.off("error", fail);
    };
    const hear = ({ type }: FromSolverThread) => {
      if (type === "step") {
        onStep();
        return;
      }
      settle();
      resolve();
    };
    const fail = (error: Error) => {
      settle();
      reject(error);
    };
    worker.on("message", hear);
    worker.on("error", fail);
    worker.postMessage(message);
  });
}
