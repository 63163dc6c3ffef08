import { parentPort } from "node:worker_threads";
import { runFigures } from "@fluxlab/reports";
import type { Loaded } from "../loadScenario.ts";
import { playHere } from "../playScenario.ts";

// Runs of a sweep, one after another, in a thread of their own; started by sweepPool.ts.

/** What the worker is asked. */
export interface SweepTask {
  readonly loaded: Loaded;
  readonly seed: number;
}

parentPort?.on("message", async ({ loaded, seed }: SweepTask) => {
  const record = await playHere(loaded, seed, {});
  parentPort?.postMessage({ digest: record.digest, figures: runFigures(record) });
});
