import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Params } from "@fluxlab/core";
import type { ComingBlock } from "./blockQuestions.ts";
import type { CurveAnswers } from "./foreseenAnswers.ts";

/** Blocks that wait for one thread; what comes then is judged without it. */
const MOST_WAITING = 16;
/** Source: fluxd src/main.h MAX_SCRIPTCHECK_THREADS. */
const MAX_THREADS = 16;

/**
 * Threads besides the node's own, of as many as -par says: 0 stands for one a core, and below 0 leaves so many cores free. Source:
 * fluxd src/init.cpp, nScriptCheckThreads.
 */
export function checkerThreads(par: number, cores: number = availableParallelism()): number {
  const wanted = par <= 0 ? cores + par : par;
  return Math.min(MAX_THREADS, Math.max(1, wanted)) - 1;
}

/** Threads that ask the curve ahead. They are started when there is something to ask, and ended when there is nothing any more. */
export class CheckerPool {
  readonly #params: Params;
  readonly #threads: number;
  readonly #hear: (answers: CurveAnswers) => void;
  readonly #failed: (error: Error) => void;
  readonly #workers: { readonly worker: Worker; waiting: number }[] = [];
  #closed = false;

  /** `failed`: threads cannot be had, and the pool does nothing from then on. */
  constructor(
    params: Params,
    threads: number,
    hear: (answers: CurveAnswers) => void,
    failed: (error: Error) => void,
  ) {
    this.#params = params;
    this.#threads = threads;
    this.#hear = hear;
    this.#failed = failed;
  }

  /** Whether a thread would take a block now. */
  get ready(): boolean {
    return (
      !this.#closed &&
      (this.#workers.length < this.#threads || this.#workers.some(({ waiting }) => waiting < MOST_WAITING))
    );
  }

  /** Has a thread ask what judging the block will. It may be told too late, or never. */
  check(block: ComingBlock): void {
    if (!this.ready) return;
    if (this.#workers.length < this.#threads) this.#start();
    const least = this.#workers.reduce((a, b) => (b.waiting < a.waiting ? b : a));
    least.waiting++;
    least.worker.postMessage(block);
  }

  #start(): void {
    const worker = new Worker(new URL("./checkerThread.ts", import.meta.url), { workerData: this.#params });
    const entry = { worker, waiting: 0 };
    worker.on("message", (answers: CurveAnswers) => {
      entry.waiting--;
      this.#hear(answers);
    });
    worker.on("error", (error) => {
      if (this.#closed) return;
      this.#closed = true;
      void this.rest();
      this.#failed(error);
    });
    worker.unref(); // it is the node that keeps the process
    this.#workers.push(entry);
  }

  /** Ends the threads; new ones are started for what comes later. */
  async rest(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map(({ worker }) => worker.terminate()));
  }

  /** Ends the threads for good. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.rest();
  }
}
