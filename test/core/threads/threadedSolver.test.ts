import { NodeSolver, readModule } from "@fluxlab/core/host";
import { expect, onTestFinished, test } from "vitest";
import type { FromSolverThread, ToSolverThread } from "../../../core/threads/messages.ts";
import { SolverLine, type SolverWorker } from "../../../core/threads/solverLine.ts";
import { solverThread } from "../../../core/threads/thread.ts";
import { type SolverHost, ThreadedSolver } from "../../../core/threads/threadedSolver.ts";
import { solutionSet, wasmEquihash } from "../../support/equihash.ts";

const small = { n: 96, k: 5 };
const input = new Uint8Array(140).fill(5);
const expected = solutionSet(wasmEquihash.smallSolver(small)!.solve(input)!);

/** A worker on this thread: what is posted is answered in a later turn. */
function localWorker(): SolverWorker {
  let tell: (message: FromSolverThread) => void = () => {};
  const answer = solverThread((message) => setImmediate(tell, message));
  return {
    post: (message) => void setImmediate(answer, message),
    attach: (hear) => {
      tell = hear;
    },
    terminate: () => Promise.resolve(),
  };
}

const localHost: SolverHost = {
  module: readModule,
  startWorker: localWorker,
  sharesMemory: false,
  availableMemory: () => undefined,
};

test.each([1, 2])("closing %d threads gives their memory back at once", async (threads) => {
  const solver = new NodeSolver({ n: 200, k: 9 }, threads);
  await solver.solve(input);
  const held = process.memoryUsage.rss();
  await solver.close();
  expect(process.memoryUsage.rss()).toBeLessThan(held - 0.8 * solver.memoryBytes);
});

test("whoever waits for a solver that is closed is told", async () => {
  const solver = new NodeSolver({ n: 200, k: 9 }, 2);
  const search = solver.solve(input, { onProgress: () => void solver.close() });
  await expect(search).rejects.toThrow("the solver was closed");
  await expect(solver.solve(input)).rejects.toThrow("the solver was closed");
});

test("a search that breaks ends with the reason", async () => {
  const solver = new NodeSolver(small, 2);
  onTestFinished(() => solver.close());
  await expect(solver.solve(new Uint8Array(257))).rejects.toThrow("an input has 257 bytes");
});

test("a host without shared memory solves on one thread, and can be stopped between steps", async () => {
  const solver = new ThreadedSolver(small, 1, localHost);
  const controller = new AbortController();
  let last = 0;
  const stopped = solver.solve(input, {
    signal: controller.signal,
    onProgress: (share) => {
      last = share;
      if (share > 0.2) controller.abort(new Error("enough"));
    },
  });
  await expect(stopped).rejects.toThrow("enough");
  expect(last).toBeLessThan(0.3);
  expect(solutionSet((await solver.solve(input)).solutions)).toEqual(expected);
  expect(last).toBeLessThan(0.3); // the second search was told of no progress to the first one's listener
});

test("a host that finds too late that it has not the memory says so by name", async () => {
  const refusing = (): SolverWorker => {
    let tell: (message: FromSolverThread) => void = () => {};
    return {
      ...localWorker(),
      post: (_: ToSolverThread) => void setImmediate(() => tell({ type: "noMemory" })),
      attach: (hear) => {
        tell = hear;
      },
    };
  };
  const solver = new ThreadedSolver({ n: 125, k: 4 }, 1, { ...localHost, startWorker: refusing });
  const refusal = "(125, 4) with 1 thread needs 2,953 MiB of memory, the host does not have it";
  await expect(solver.started).rejects.toThrow(refusal);
  await expect(solver.solve(input)).rejects.toThrow(refusal);
});

test("a worker that fails ends what is asked of it, now and later", async () => {
  let fail: (error: Error) => void = () => {};
  const line = new SolverLine({
    post: () => fail(new Error("out of order")),
    attach: (_, broken) => {
      fail = broken;
    },
    terminate: () => Promise.resolve(),
  });
  for (let i = 0; i < 2; i++) await expect(line.ask({ type: "find" })).rejects.toThrow("out of order");
});
