import type { ToSolverThread } from "../threads/messages.ts";
import { solverThread } from "../threads/thread.ts";

// One thread of a solver; started by browserSolver.ts.

const answer = solverThread((message) => postMessage(message));

addEventListener("message", ({ data }: MessageEvent<ToSolverThread>) => answer(data));
