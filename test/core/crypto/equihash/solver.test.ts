import { availableParallelism } from "node:os";
import {
  checkEquihashSolution,
  checkSolutionSize,
  type EquihashClaim,
  type EquihashParams,
  equihashShape,
  loadSolver,
  mainnet,
  newSolverMemory,
  ParseError,
  type PowHeader,
  packIndices,
  parseWhole,
  readHeader,
  type SolverThread,
  shapeOfSolution,
  singleThreadSolver,
  unpackIndices,
  Writer,
  wireHex,
} from "@fluxlab/core";
import { NodeSolver, NoMemoryError, orThrow, readModule } from "@fluxlab/core/host";
import equihashjs from "equihashjs-verify";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  type EquihashVectors,
  puzzleInput,
  solutionSet,
  verifiers,
  wasmEquihash,
} from "../../../support/equihash.ts";
import { readJson } from "../../../support/vectors.ts";
import { vectorTest } from "../../../support/vectorTest.ts";

const vectors = () => readJson<EquihashVectors>("equihash.json");

function solverThread(params: EquihashParams): SolverThread {
  const memory = orThrow(newSolverMemory(false));
  return orThrow(loadSolver(readModule("equihashSolver"), memory, params));
}

function nodeSolver(params: EquihashParams, threads: number): NodeSolver {
  const solver = new NodeSolver(params, threads);
  onTestFinished(() => solver.close());
  return solver;
}

/** A height of main at which these parameters, by n, are the only ones. */
const MAIN_HEIGHT: Readonly<Record<number, number>> = { 200: 1, 144: 200_000, 125: 400_000 };

/** The header that a miner would send. */
function minedHeader({ input, solution }: EquihashClaim): PowHeader {
  const writer = new Writer();
  writer.bytes(input);
  writer.varBytes(solution);
  const header = parseWhole(writer.copy(), readHeader);
  if (header instanceof ParseError || header.kind !== "pow") throw new Error(`no header: ${header}`);
  return header;
}

/** Whether equihashjs-verify accepts a solution; it says on the console why not. */
function acceptedOutside(params: EquihashParams, input: string, solution: Uint8Array): boolean {
  const { personalisation } = equihashShape(params)!;
  const log = vi.spyOn(console, "log").mockReturnValue();
  const outside = new equihashjs.Equihash({ ...params, person: personalisation });
  const accepted = outside.verify(Buffer.from(input, "hex"), Buffer.from(solution));
  log.mockRestore();
  return accepted;
}

/** Solves the inputs of the valid vectors of these parameters and expects their solutions among what is found. */
async function findsVectors(params: EquihashParams, threads: number, inputs: number): Promise<void> {
  const solver = nodeSolver(params, threads);
  const rows = vectors().solutions.filter(({ n, valid }) => n === params.n && valid);
  const shape = equihashShape(params)!;
  for (const input of [...new Set(rows.map((row) => row.input + row.nonce))].slice(0, inputs)) {
    const { solutions, lostRows } = await solver.solve(wireHex(input));
    expect(lostRows).toBe(0);
    const found = solutionSet(solutions);
    for (const row of rows.filter((each) => each.input + each.nonce === input)) {
      expect(found).toContain(unpackIndices(wireHex(row.solution), shape).join());
    }
    for (const indices of solutions) {
      const claim = { params, input: wireHex(input), solution: packIndices(indices, shape) };
      const header = minedHeader(claim);
      expect(checkSolutionSize(header, MAIN_HEIGHT[params.n]!, mainnet)).toBeUndefined();
      for (const [, verifier] of verifiers) expect(checkEquihashSolution(header, verifier)).toBeUndefined();
      if (params.n === 125) continue; // equihashjs-verify knows no twist
      expect(acceptedOutside(params, input, claim.solution)).toBe(true);
      claim.solution[7]! ^= 1;
      expect(acceptedOutside(params, input, claim.solution)).toBe(false);
    }
  }
}

vectorTest("the bucketed solver finds all and only the solutions of equihash.json", () => {
  const thread = solverThread({ n: 96, k: 5 });
  expect(thread.reserve()).toBe(true);
  const solver = singleThreadSolver(thread);
  for (const each of vectors().solutionSets) {
    expect(solutionSet(solver.solve(puzzleInput(each))!)).toEqual(solutionSet(each.allSolutions));
  }
});

test("the bucketed solver finds what the exhaustive one finds, on any number of threads", async () => {
  const params = { n: 96, k: 5 };
  const obvious = wasmEquihash.smallSolver(params)!;
  const solvers = [1, 2, 3, 8].map((threads) => nodeSolver(params, threads));
  const anyInput = fc.uint8Array({ minLength: 140, maxLength: 140 });
  const agree = fc.asyncProperty(anyInput, async (input) => {
    const wanted = solutionSet(obvious.solve(input)!);
    for (const solver of solvers) {
      const { solutions, lostRows } = await solver.solve(input);
      expect(lostRows).toBe(0);
      expect(solutionSet(solutions)).toEqual(wanted);
    }
  });
  await fc.assert(agree, { numRuns: 10 });
});

vectorTest("(200, 9): every solution of equihash.json is found, one thread", () =>
  findsVectors({ n: 200, k: 9 }, 1, 2),
);

vectorTest("(200, 9): every solution of equihash.json is found, three threads", () =>
  findsVectors({ n: 200, k: 9 }, 3, 1),
);

vectorTest("(144, 5): every solution of equihash.json is found", () =>
  findsVectors({ n: 144, k: 5 }, Math.min(2, availableParallelism()), 1),
);

const heavy = process.env["FLUX_LAB_HEAVY"] === "1";
const heavyName = "(125, 4): every solution of equihash.json is found";
test.skipIf(!heavy)(
  heavy ? heavyName : `SKIPPED: ${heavyName}: 3 GiB, with FLUX_LAB_HEAVY=1`,
  () => findsVectors({ n: 125, k: 4 }, Math.min(2, availableParallelism()), 3),
  300_000, // seconds a nonce, and on a busy machine several times that
);

test("a search can be stopped, and another begun", async () => {
  const params = { n: 96, k: 5 };
  const solver = nodeSolver(params, 2);
  const input = new Uint8Array(140);
  const controller = new AbortController();
  const shares: number[] = [];
  const stopped = solver.solve(input, {
    signal: controller.signal,
    onProgress: (share) => {
      shares.push(share);
      if (share > 0.2) controller.abort(new Error("enough"));
    },
  });
  await expect(stopped).rejects.toThrow("enough");
  expect(shares.at(-1)).toBeLessThan(1);
  const { solutions } = await solver.solve(input);
  expect(solutionSet(solutions)).toEqual(solutionSet(wasmEquihash.smallSolver(params)!.solve(input)!));

  const thread = solverThread(params);
  thread.reserve();
  expect(singleThreadSolver(thread).solve(input, (done) => done < 100)).toBeUndefined();
});

test("the memory is stated before it is taken, and refused by name", () => {
  const mebibytes = (n: number, k: number) => Math.round(solverThread({ n, k }).memoryBytes / 2 ** 20);
  expect(mebibytes(125, 4)).toBe(2952);
  expect(mebibytes(144, 5)).toBe(2122);
  expect(mebibytes(200, 9)).toBe(391);

  vi.spyOn(process, "availableMemory").mockReturnValue(2 ** 30);
  onTestFinished(() => void vi.restoreAllMocks());
  expect(() => new NodeSolver({ n: 125, k: 4 }, 1)).toThrow(NoMemoryError);
  expect(() => new NodeSolver({ n: 125, k: 4 }, 1)).toThrow(
    "(125, 4) with 1 thread needs 2,953 MiB of memory, 1,024 MiB are free",
  );
});

test("memory that does not grow is an answer, not an error", () => {
  const memory = orThrow(newSolverMemory(false));
  memory.grow = () => {
    throw new RangeError("no more");
  };
  const thread = orThrow(loadSolver(readModule("equihashSolver"), memory, { n: 200, k: 9 }));
  expect(thread.reserve()).toBe(false);
});

test("a module that needs shared memory takes no other, and the other way round", () => {
  for (const [name, shared] of [
    ["equihashSolver", true],
    ["equihashSolverShared", false],
  ] as const) {
    const memory = orThrow(newSolverMemory(shared));
    expect(() => loadSolver(readModule(name), memory, { n: 96, k: 5 })).toThrow();
  }
});

test("the length of a solution names its parameters, and only those sets have solvers", () => {
  expect([36, 52, 68, 100, 1344].map((bytes) => shapeOfSolution(bytes)?.n)).toEqual([48, 125, 96, 144, 200]);
});
