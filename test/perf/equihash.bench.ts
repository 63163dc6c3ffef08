import { availableParallelism } from "node:os";
import {
  EQUIHASH_SHAPES,
  type EquihashClaim,
  type EquihashShape,
  type EquihashVerifier,
  loadSolver,
  newSolverMemory,
  packIndices,
  plainEquihash,
  plainSolver,
  singleThreadSolver,
} from "@fluxlab/core";
import { NodeSolver, NoMemoryError, nodeEquihash, orThrow, readModule } from "@fluxlab/core/host";
import { nativeVerify } from "../support/nativeEquihash.ts";

/** The puzzles of design notes and of this bench: a made-up header, the nonce in bytes 108 to 111. */
function puzzle(nonce: number): Uint8Array {
  const input = new Uint8Array(140);
  for (let i = 0; i < 108; i++) input[i] = 7 * i + 3;
  new DataView(input.buffer).setUint32(108, nonce, true);
  return input;
}

const ROUNDS = 5;
const BATCH = 64;

/** Nonces timed for each set, after one that takes the memory and lets the engine compile. */
const NONCES: Readonly<Record<number, number>> = { 200: 8, 144: 2, 125: 2, 96: 20, 48: 500 };

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** CPU seconds of this process, which others on the machine cannot add to as they do to wall time. */
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Solutions of a nonce on average, over hundreds of nonces; the few timed here would make Sol/s a matter of luck. */
const SOLUTIONS: Readonly<Record<number, number>> = { 200: 1.9, 144: 1.9, 125: 1.9, 96: 1.9, 48: 0.8 };

interface Solved {
  readonly claims: readonly EquihashClaim[];
  readonly cpu: number;
  readonly wall: number;
}

/** Solves some nonces, the first untimed; medians of a nonce. */
async function timeSolving(
  shape: EquihashShape,
  solve: (input: Uint8Array) => readonly (readonly number[])[] | Promise<readonly (readonly number[])[]>,
): Promise<Solved> {
  const claims: EquihashClaim[] = [];
  const cpu: number[] = [];
  const wall: number[] = [];
  const nonces = NONCES[shape.n]!;
  for (let nonce = 0; nonce <= nonces; nonce++) {
    const input = puzzle(nonce);
    const cpuStart = cpuSeconds();
    const wallStart = performance.now();
    const found = await solve(input);
    if (nonce > 0) {
      cpu.push(cpuSeconds() - cpuStart);
      wall.push((performance.now() - wallStart) / 1_000);
    }
    for (const indices of found) claims.push({ params: shape, input, solution: packIndices(indices, shape) });
  }
  return { claims, cpu: median(cpu), wall: median(wall) };
}

/** Least CPU microseconds a claim over {@link ROUNDS} rounds, after one that warms up. */
function verifyUs(
  accepts: (claims: readonly EquihashClaim[]) => boolean,
  claims: readonly EquihashClaim[],
  times: number,
): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round <= ROUNDS; round++) {
    const start = cpuSeconds();
    for (let i = 0; i < times; i++) {
      if (!accepts(claims)) throw new Error("the bench verifies its own solutions");
    }
    if (round > 0) least = Math.min(least, ((cpuSeconds() - start) * 1e6) / (times * claims.length));
  }
  return least;
}

const acceptsAll =
  (verifier: EquihashVerifier) =>
  (claims: readonly EquihashClaim[]): boolean =>
    verifier.checkAll(claims).every((fault) => fault === undefined);

/** What others take for the same claims. */
function nativeText(claims: readonly EquihashClaim[], fast: number, times: number): string {
  if (nativeVerify === undefined) return "native verifier not built (npm run oracles)";
  const native = verifyUs((all) => all.every(nativeVerify!), claims, times);
  return `${native.toFixed(2)} us native C++: ${(native / fast).toFixed(1)} x`;
}

function printVerification(shape: EquihashShape, solved: readonly EquihashClaim[]): void {
  const claims = Array.from({ length: BATCH }, (_, i) => solved[i % solved.length]!);
  const times = shape.n === 200 ? 30 : 200;
  const fast = verifyUs(acceptsAll(nodeEquihash()), claims, times);
  const plain = verifyUs(acceptsAll(plainEquihash), claims, 1);
  console.log(
    `  verify    ${fast.toFixed(2).padStart(8)} us WebAssembly, ${plain.toFixed(0).padStart(5)} us TypeScript: ${(plain / fast).toFixed(0)} x, ${nativeText(claims, fast, Math.ceil(times / 10))}`,
  );
}

function printSolving(
  shape: EquihashShape,
  threads: string,
  { cpu, wall }: Solved,
  memoryBytes: number,
): void {
  const memory = memoryBytes === 0 ? "" : `, ${Math.round(memoryBytes / 2 ** 20).toLocaleString("en")} MiB`;
  const speed = `${(SOLUTIONS[shape.n]! / wall).toPrecision(3)} Sol/s`;
  console.log(
    `  ${threads.padEnd(9)} ${wall.toPrecision(3).padStart(8)} s a nonce, ${cpu.toPrecision(3)} s of CPU, ${speed}${memory}`,
  );
}

/** The solver in TypeScript, where there is one: a nonce it has compiled for, and one that counts. */
function printPlainSolving(shape: EquihashShape, cpu: number): void {
  const solver = plainSolver(shape);
  if (solver === undefined) return;
  solver.solve(puzzle(0));
  const start = cpuSeconds();
  solver.solve(puzzle(1));
  const plain = cpuSeconds() - start;
  console.log(
    `  TypeScript ${plain.toPrecision(3).padStart(7)} s a nonce, 1 thread: ${(plain / cpu).toFixed(0)} x`,
  );
}

/** One thread here, without workers: what a page without shared memory can do. */
async function benchOneThread(shape: EquihashShape): Promise<readonly EquihashClaim[]> {
  const thread = orThrow(loadSolver(readModule("equihashSolver"), orThrow(newSolverMemory(false)), shape));
  if (!thread.reserve()) throw new NoMemoryError(shape, 1, thread.memoryBytes);
  const solver = singleThreadSolver(thread);
  const solved = await timeSolving(shape, (input) => solver.solve(input)!);
  printSolving(shape, "1 thread", solved, thread.memoryBytes);
  printPlainSolving(shape, solved.cpu);
  return solved.claims;
}

async function benchThreads(shape: EquihashShape, threads: number): Promise<void> {
  const solver = new NodeSolver(shape, threads);
  try {
    const solved = await timeSolving(shape, async (input) => (await solver.solve(input)).solutions);
    printSolving(shape, `${threads} threads`, solved, solver.memoryBytes);
  } finally {
    await solver.close();
  }
}

/** Prints what verifying and solving cost for every set of parameters, and how much faster WebAssembly verifies. */
export async function benchEquihash(): Promise<void> {
  for (const shape of EQUIHASH_SHAPES) {
    console.log(`equihash (${shape.n}, ${shape.k})`);
    const small = nodeEquihash().smallSolver(shape);
    if (shape.n === 48) {
      const solved = await timeSolving(shape, (input) => small!.solve(input)!);
      printSolving(shape, "1 thread", solved, 0);
      printPlainSolving(shape, solved.cpu);
      printVerification(shape, solved.claims);
      continue;
    }
    try {
      printVerification(shape, await benchOneThread(shape));
      if (availableParallelism() > 1) await benchThreads(shape, 2);
    } catch (error) {
      if (!(error instanceof NoMemoryError)) throw error;
      console.log(`  not measured: ${error.message}`);
    }
  }
}
