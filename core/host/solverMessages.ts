import type { EquihashParams, SolverMemory } from "@fluxlab/core";

// What a solver and its threads say to each other.

export interface SolverWorkerData {
  readonly memory: SolverMemory;
  readonly params: EquihashParams;
  readonly threads: number;
  readonly thread: number;
  /** One number; not zero asks the threads to leave the phase they are in. */
  readonly stop: Int32Array;
}

export type ToSolverThread =
  | { readonly type: "begin"; readonly input: Uint8Array }
  | { readonly type: "phase"; readonly phase: number };

export type FromSolverThread =
  /** A step of the phase is done. */
  | { readonly type: "step" }
  /** What was asked for is done, or was left because of `stop`. */
  | { readonly type: "done" };
