import { type MessagePort, Worker } from "node:worker_threads";
import type { EquihashParams } from "@fluxlab/core";
import type { FromSolverThread } from "../threads/messages.ts";
import type { SolverWorker } from "../threads/solverLine.ts";
import { type SolverHost, ThreadedSolver } from "../threads/threadedSolver.ts";
import { readModule } from "./equihash.ts";

/** Solves Equihash in worker threads of Node.js, which keep the process alive until it is closed. */
export class NodeSolver extends ThreadedSolver {
  /** @throws NoMemoryError before any memory is taken, if the machine has less than the solver needs */
  constructor(params: EquihashParams, threads: number) {
    super(params, threads, NODE);
  }
}

const NODE: SolverHost = {
  module: readModule,
  startWorker,
  sharesMemory: true,
  availableMemory: () => process.availableMemory(),
};

function startWorker(): SolverWorker {
  const worker = new Worker(new URL("./solverWorker.ts", import.meta.url));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer as unknown as MessagePort[]),
    attach(hear, fail) {
      worker.on("message", (message: FromSolverThread) => hear(message));
      worker.on("error", fail);
    },
    terminate: async () => void (await worker.terminate()),
  };
}
