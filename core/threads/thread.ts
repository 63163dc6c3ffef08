import { loadSolver, newSolverMemory, type SolverMemory, type SolverThread } from "@fluxlab/core";
import type { FromSolverThread, SolverAnswer, StartThread, ToSolverThread } from "./messages.ts";
import { orThrow } from "./orThrow.ts";

/** A thread's side of a solver: takes what it is asked and answers by `tell`. A worker of any host is this and no more. */
export function solverThread(
  tell: (message: FromSolverThread) => void,
): (message: ToSolverThread) => Promise<void> {
  let solver: SolverThread | undefined;
  let stop: Int32Array | undefined;

  async function answer(message: ToSolverThread): Promise<SolverAnswer> {
    if (message.type === "start") {
      stop = message.stop;
      solver = await start(message);
      return { type: solver === undefined ? "noMemory" : "done" };
    }
    if (solver === undefined) throw new Error("a thread starts before it is asked anything else");
    if (message.type === "find") return { type: "found", found: solver.found() };
    if (message.type === "begin") {
      solver.begin(message.input);
      return { type: "done" };
    }
    for (let step = message.from; step < message.to; step++) {
      if (stop !== undefined && Atomics.load(stop, 0) !== 0) break;
      solver.step(message.phase, step);
      tell({ type: "step" });
    }
    return { type: "done" };
  }

  return async (message) => {
    try {
      tell(await answer(message));
    } catch (error) {
      tell({ type: "broken", message: String(error) });
    }
  };
}

/** This thread's instance over the memory of all; undefined if the host does not have that much. */
async function start({
  module,
  params,
  threads,
  thread,
  ports,
}: StartThread): Promise<SolverThread | undefined> {
  const memory = thread === 0 ? orThrow(newSolverMemory(threads > 1)) : await memoryFrom(ports[0]!);
  const solver = orThrow(loadSolver(module, memory, params, threads, thread));
  if (thread !== 0) return solver;
  if (!solver.reserve()) return undefined;
  for (const port of ports) {
    port.postMessage(memory);
    port.close();
  }
  return solver;
}

const memoryFrom = (port: MessagePort): Promise<SolverMemory> =>
  new Promise((resolve) => {
    port.onmessage = ({ data }) => {
      port.close();
      resolve(data as SolverMemory);
    };
  });
