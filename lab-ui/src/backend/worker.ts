import { proxy, type Remote, releaseProxy, wrap } from "comlink";
import type { WorkerApi } from "../worker/labApi.ts";
import type { Backend } from "./backend.ts";

/** A thread of the page, and how to end it. */
export interface LabThread {
  readonly remote: Remote<WorkerApi>;
  end(): void;
}

/** Starts a thread; `onFailure` is told if it breaks. */
export function startThread(onFailure: (message: string) => void): LabThread {
  const worker = new Worker(new URL("../worker/sim.worker.ts", import.meta.url), { type: "module" });
  worker.onerror = ({ message }) => onFailure(message);
  const remote = wrap<WorkerApi>(worker);
  return {
    remote,
    end: () => {
      remote[releaseProxy]();
      worker.terminate();
    },
  };
}

/** Runs in the page: one thread a run. */
export const workerBackend: Backend = {
  async start(request, onFrame, onFailure) {
    const thread = startThread(onFailure);
    const run = thread.remote;
    try {
      await run.start(request, proxy(onFrame));
    } catch (error) {
      thread.end();
      throw error;
    }
    return {
      pause: () => run.pause(),
      resume: () => run.resume(),
      step: (blocks) => run.step(blocks),
      stepEvent: () => run.stepEvent(),
      setSpeed: (secondsPerSecond) => run.setSpeed(secondsPerSecond),
      queues: (most, height) => run.queues(most, height),
      node: (number, height) => run.node(number, height),
      waits: (height) => run.waits(height),
      stop: async () => thread.end(),
    };
  },
  async startSpread(request, onFrame, onFailure) {
    const thread = startThread(onFailure);
    const run = thread.remote;
    try {
      await run.startSpread(request, proxy(onFrame));
    } catch (error) {
      thread.end();
      throw error;
    }
    return {
      pause: () => run.pauseSpread(),
      resume: () => run.resumeSpread(),
      step: (what, times) => run.stepSpread(what, times),
      setSpeed: (secondsPerSecond) => run.setSpreadSpeed(secondsPerSecond),
      node: (number) => run.spreadNode(number),
      stop: async () => thread.end(),
    };
  },
};
