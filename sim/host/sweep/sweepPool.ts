import { Worker } from "node:worker_threads";
import type { RunFigures } from "@fluxlab/reports";
import type { SweepTask } from "./sweepWorker.ts";

/** What a run came to. */
export interface SweepAnswer {
  readonly digest: string;
  readonly figures: RunFigures;
}

/**
 * Plays tasks on so many threads, each one run at a time, and tells of each as it ends. A single run is never split, so what
 * comes out does not depend on the threads.
 * @throws what a run throws, or the signal's reason; the threads are gone then
 */
export async function playTasks<Task extends SweepTask>(
  tasks: readonly Task[],
  threads: number,
  onDone: (task: Task, answer: SweepAnswer) => void,
  signal?: AbortSignal,
): Promise<void> {
  const waiting = tasks[Symbol.iterator]();
  const workers = Array.from(
    { length: Math.min(threads, tasks.length) },
    () => new Worker(new URL("./sweepWorker.ts", import.meta.url)),
  );
  const interrupted = new Promise<never>((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  interrupted.catch(() => {}); // heard below, unless all is done before
  try {
    await Promise.race([Promise.all(workers.map((worker) => work(worker, waiting, onDone))), interrupted]);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function work<Task extends SweepTask>(
  worker: Worker,
  waiting: Iterator<Task>,
  onDone: (task: Task, answer: SweepAnswer) => void,
): Promise<void> {
  for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
    const { loaded, seed } = next.value;
    onDone(next.value, await ask(worker, { loaded, seed }));
  }
}

function ask(worker: Worker, task: SweepTask): Promise<SweepAnswer> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      worker.off("message", answered);
      worker.off("error", failed);
      worker.off("exit", ended);
    };
    const answered = (answer: SweepAnswer) => {
      stop();
      resolve(answer);
    };
    const failed = (error: Error) => {
      stop();
      reject(error);
    };
    const ended = () => failed(new Error("The worker ended before its run did"));
    worker.on("message", answered);
    worker.on("error", failed);
    worker.on("exit", ended);
    worker.postMessage(task);
  });
}
