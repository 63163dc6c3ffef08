import { parentPort } from "node:worker_threads";
import { solverThread } from "../threads/thread.ts";

// One thread of a solver; started by nodeSolver.ts.

parentPort!.on(
  "message",
  solverThread((message) => parentPort!.postMessage(message)),
);
