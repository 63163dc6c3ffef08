import { parentPort, workerData } from "node:worker_threads";
import type { Loaded } from "./loadScenario.ts";
import { playHere, type WorkerMessage } from "./playScenario.ts";

// One run in a thread of its own; started by playScenario.ts.

const { loaded, seed } = workerData as { loaded: Loaded; seed: number };
const tell = (message: WorkerMessage) => parentPort?.postMessage(message);

const record = await playHere(loaded, seed, {
  onProgress: (progress) => tell({ type: "progress", progress }),
});
tell({ type: "record", record });
