import { type Remote } from "comlink";
import type { WorkerApi } from "../worker/labApi.ts";
import type { Backend } from "./backend.ts";
/** A thread of the page, and how to end it. */
export interface LabThread {
  readonly remote: Remote<WorkerApi>;
  end(): void;
}
/** Starts a thread; `onFailure` is told if it breaks. */
export declare function startThread(onFailure: (message: string) => void): LabThread;
/** Runs in the page: one thread a run. */
export declare const workerBackend: Backend;
