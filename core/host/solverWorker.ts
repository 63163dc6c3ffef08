import { parentPort, workerData } from "node:worker_threads";
import { loadSolver } from "@fluxlab/core";
import { orThrow, readModule } from "./equihash.ts";
import type { FromSolverThread, SolverWorkerData, ToSolverThread } from "./solverMessages.ts";

// One thread of a solver; started by nodeSolver.ts.

const { memory, params, threads, thread, stop } = workerData as SolverWorkerData;
const solver = orThrow(loadSolver(readModule("equihashSolverShared"), memory, params, threads, thread));
const tell = (message: FromSolverThread) => parentPort?.postMessage(message);

parentPort?.on("message", (message: ToSolverThread) => {
  if (message.type === "begin") {
    solver.begin(message.input);
  } else {
    for (let step = 0; step < solver.phases[message.phase]! && Atomics.load(stop, 0) === 0; step++) {
      solver.step(message.phase, step);
      tell({ type: "step" });
    }
  }
  tell({ type: "done" });
});
