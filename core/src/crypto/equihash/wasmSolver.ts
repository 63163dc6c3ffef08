import type { EquihashParams } from "../../params/params.ts";
import { assert } from "../../util/assert.ts";
import { type RowPair, type RowSource, solutionsBelow } from "./backtrack.ts";
import { MAX_EQUIHASH_INPUT_BYTES } from "./digests.ts";
import { packIndices } from "./packing.ts";
import { type EquihashShape, equihashShape } from "./params.ts";
import type { EquihashSolver } from "./solve.ts";
import { verifyEquihash } from "./verify.ts";
import { type HostLack, instantiate } from "./wasm.ts";

// Solving (125, 4), (144, 5), (200, 9) and (96, 5): phases of steps of some ten milliseconds each. The core knows no threads: a host
// that has them gives each an instance over one shared memory, and lets all finish a phase before any begins the next.

/** What the solver uses of a `WebAssembly.Memory`. */
export interface SolverMemory {
  readonly buffer: ArrayBufferLike;
  /** Throws or returns -1 if the host has not that many pages more. */
  grow(pages: number): number;
}

const PAGE_BYTES = 65_536;

/** All that a 32-bit memory can have. */
const PAGES_MAX = 65_536;

/** A memory for {@link loadSolver}, small until the solver lets it grow. `shared`: for several threads. */
export function newSolverMemory(shared: boolean): SolverMemory | HostLack {
  if (typeof WebAssembly === "undefined") return "webAssembly";
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: PAGES_MAX, shared });
  } catch {
    return "sharedMemory";
  }
}

/** Most threads one search can use. */
export const SOLVER_THREADS_MAX = 8;

/** Exports of core/assembly/equihash/solver.ts. */
interface SolverExports {
  prepare(n: number, threads: number, thread: number): number;
  inputRoom(): number;
  begin(inputBytes: number): void;
  phaseCount(): number;
  stepCount(phase: number): number;
  step(phase: number, number: number): void;
  countCandidates(thread: number): number;
  candidates(thread: number): number;
  parents(layer: number, bucket: number, slot: number): number;
  matches(): number;
  leafIndex(bucket: number, slot: number): number;
  lostRows(): number;
}

/** What one search finds. */
export interface Found {
  /** Index lists of all solutions, each checked. */
  readonly solutions: readonly (readonly number[])[];
  /** Rows that found no room in their bucket. Hardly ever any; if there are, a solution may be missing. */
  readonly lostRows: number;
}

/** One thread's part of a solver, or the whole of it if there is only one. */
export interface SolverThread {
  /** What {@link reserve} will take, all threads together. */
  readonly memoryBytes: number;
  /** Steps of each phase. */
  readonly phases: readonly number[];
  /** Takes the memory; false if the host does not have it. Once, by any one thread, before all else. */
  reserve(): boolean;
  /** Forgets the last search and takes on an input (a header up to and with its nonce). */
  begin(input: Uint8Array): void;
  /** This thread's share of a step. */
  step(phase: number, number: number): void;
  /** What all threads have found, when all are done with all phases. Any one thread may ask. */
  found(): Found;
}

/** Whether the big solver is made for these parameters. */
export const hasBigSolver = ({ n, k }: EquihashParams): boolean => {
  const shape = equihashShape({ n, k });
  return shape !== undefined && shape.n >= 96;
};

/**
 * A thread's part of a solver for `params`, which {@link hasBigSolver}. `bytes`: the module equihashSolver.wasm, or
 * equihashSolverShared.wasm over a shared memory.
 */
export function loadSolver(
  bytes: Uint8Array,
  memory: SolverMemory,
  params: EquihashParams,
  threads = 1,
  thread = 0,
): SolverThread | HostLack {
  const shape = equihashShape(params);
  assert(shape !== undefined && hasBigSolver(shape), `there is a solver for (${params.n}, ${params.k})`);
  assert(threads <= SOLVER_THREADS_MAX && thread < threads, `thread ${thread} of ${threads}`);
  const wasm = instantiate<SolverExports>(bytes, memory);
  if (typeof wasm === "string") return wasm;
  const pages = wasm.prepare(shape.n, threads, thread);
  const phases = Array.from({ length: wasm.phaseCount() }, (_, phase) => wasm.stepCount(phase));
  let searched = new Uint8Array(0);
  return {
    memoryBytes: pages * PAGE_BYTES,
    phases,
    reserve: () => growTo(memory, pages),
    begin(input) {
      assert(input.length <= MAX_EQUIHASH_INPUT_BYTES, `an input has ${input.length} bytes`);
      searched = input.slice();
      new Uint8Array(memory.buffer).set(input, wasm.inputRoom());
      wasm.begin(input.length);
    },
    step: (phase, number) => wasm.step(phase, number),
    found: () => collect(wasm, memory, shape, threads, searched),
  };
}

function growTo(memory: SolverMemory, pages: number): boolean {
  const missing = pages - memory.buffer.byteLength / PAGE_BYTES;
  if (missing <= 0) return true;
  try {
    return memory.grow(missing) >= 0;
  } catch {
    return false;
  }
}

function collect(
  wasm: SolverExports,
  memory: SolverMemory,
  shape: EquihashShape,
  threads: number,
  input: Uint8Array,
): Found {
  const pairsAt = (address: number, count: number): RowPair[] => {
    const numbers = new Uint32Array(memory.buffer, address >>> 0, 3 * count);
    return Array.from({ length: count }, (_, i) => ({
      bucket: numbers[3 * i]!,
      slots: [numbers[3 * i + 1]!, numbers[3 * i + 2]!],
    }));
  };
  const source: RowSource = {
    parents: (layer, { bucket, slot }) => pairsAt(wasm.matches(), wasm.parents(layer, bucket, slot)),
    leafIndex: ({ bucket, slot }) => wasm.leafIndex(bucket, slot) >>> 0,
  };
  const byText = new Map<string, number[]>(); // rows that are alike lead to the same solution more than once
  for (let thread = 0; thread < threads; thread++) {
    for (const pair of pairsAt(wasm.candidates(thread), wasm.countCandidates(thread))) {
      for (const indices of solutionsBelow(source, shape.k - 1, pair)) byText.set(indices.join(), indices);
    }
  }
  const solutions = [...byText.values()].filter((indices) => isSolution(indices, shape, input));
  return { solutions, lostRows: wasm.lostRows() };
}

/** Whether the reference agrees. It only refuses lists with an index that occurs twice, which trees of rows cannot show. */
function isSolution(indices: readonly number[], shape: EquihashShape, input: Uint8Array): boolean {
  const fault = verifyEquihash({ params: shape, input, solution: packIndices(indices, shape) });
  assert(fault === undefined || fault === "duplicate", `what the solver finds is no ${fault}`);
  return fault === undefined;
}

/** A solver on the thread of its caller. */
export function singleThreadSolver(thread: SolverThread): EquihashSolver {
  const total = thread.phases.reduce((sum, steps) => sum + steps, 0);
  return {
    solve(input, progress = () => true) {
      thread.begin(input);
      let done = 0;
      for (const [phase, steps] of thread.phases.entries()) {
        for (let number = 0; number < steps; number++) {
          if (!progress(done++, total)) return undefined;
          thread.step(phase, number);
        }
      }
      return thread.found().solutions.map((indices) => [...indices]);
    },
  };
}
