import type { RunRecord } from "@fluxlab/sim";
import type { Scenario } from "@fluxlab/sim/scenario";
/** One run of many. */
export interface Job {
  readonly scenario: Scenario;
  readonly seed: number;
}
/**
 * Plays many runs, one a thread at a time, and hands over each as it ends, with its place in `jobs`. Ends early, and quietly, when
 * `signal` says so.
 * @throws the first failure of a run; the threads are gone then.
 */
export declare function playAll(
  jobs: readonly Job[],
  onResult: (record: RunRecord, job: number) => void,
  signal: AbortSignal,
  threads?: number,
): Promise<void>;
