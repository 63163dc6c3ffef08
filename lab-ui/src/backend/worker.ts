import { proxy, releaseProxy, wrap } from "comlink";
import type { WorkerApi } from "../worker/labApi.ts";
import type { Backend } from "./backend.ts";

/** Runs in the page: one worker a run. */
export const workerBackend: Backend = {
  name: "this page",
  async start(request, onFrame, onFailure) {
    const worker = new Worker(new URL("../worker/sim.worker.ts", import.meta.url), { type: "module" });
    worker.onerror = ({ message }) => onFailure(message);
    const remote = wrap<WorkerApi>(worker);
    try {
      await remote.start(request, proxy(onFrame));
    } catch (error) {
      worker.terminate();
      throw error;
    }
    return {
      pause: () => remote.pause(),
      resume: () => remote.resume(),
      step: (blocks) => remote.step(blocks),
      setSpeed: (blocksPerSecond) => remote.setSpeed(blocksPerSecond),
      stop: async () => {
        remote[releaseProxy]();
        worker.terminate();
      },
    };
  },
};
