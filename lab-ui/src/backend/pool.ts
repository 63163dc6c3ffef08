import type { RunRecord } from "@fluxlab/sim";
import type { RunRequest } from "./backend.ts";
import { type LabThread, startThread } from "./worker.ts";

/**
 * Plays many runs, one a thread at a time, and hands over each as it ends, with its place in `jobs`. Ends early, and quietly, when
 * `signal` says so.
 * @throws the first failure of a run; the threads are gone then.
 */
export async function playAll(
  jobs: readonly RunRequest[],
  onResult: (record: RunRecord, job: number) => void,
  signal: AbortSignal,
  threads = navigator.hardwareConcurrency || 2,
): Promise<void> {
  let next = 0;
  const work = async () => {
    const broken = Promise.withResolvers<never>();
    const stopped = new Promise<undefined>((resolve) => {
      signal.addEventListener("abort", () => resolve(undefined), { once: true });
    });
    const thread: LabThread = startThread((message) => broken.reject(new Error(message)));
    try {
      while (next < jobs.length && !signal.aborted) {
        const at = next++;
        const { scenario, seed } = jobs[at]!;
        const played = thread.remote.play(scenario, seed);
        const record = await Promise.race([played, broken.promise, stopped]);
        if (record !== undefined) onResult(record, at);
      }
    } finally {
      thread.end();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, work));
}
