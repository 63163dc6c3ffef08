import type { EquihashParams, Found } from "@fluxlab/core";

// What a solver and its threads say to each other. A thread is asked one thing at a time and answers it.

/** The modules of the big solver: for one thread, and for several over one shared memory. */
export type SolverModule = "equihashSolver" | "equihashSolverShared";

export interface StartThread {
  readonly type: "start";
  readonly module: Uint8Array;
  readonly params: EquihashParams;
  readonly threads: number;
  readonly thread: number;
  /**
   * Ways to the other threads: thread 0 makes the memory and hands it to each of them, they have one to it. Whoever asks never
   * holds it, so that it goes with the threads and need not wait for a garbage collection.
   */
  readonly ports: readonly MessagePort[];
  /** One number; not zero asks the threads to leave the steps they are in. Undefined where the host shares no memory. */
  readonly stop: Int32Array | undefined;
}

export type ToSolverThread =
  | StartThread
  | { readonly type: "begin"; readonly input: Uint8Array }
  /** Steps of a phase from `from` up to and without `to`. */
  | { readonly type: "steps"; readonly phase: number; readonly from: number; readonly to: number }
  /** For one thread, when all are done with all phases. */
  | { readonly type: "find" };

/** Ends what was asked for. */
export type SolverAnswer =
  /** It is done, or was left because of `stop`. */
  | { readonly type: "done" }
  | { readonly type: "found"; readonly found: Found }
  /** To `start`: the host does not have the memory. */
  | { readonly type: "noMemory" }
  /** Our bug, by its message. */
  | { readonly type: "broken"; readonly message: string };

export type FromSolverThread =
  /** A step is done. */
  { readonly type: "step" } | SolverAnswer;
