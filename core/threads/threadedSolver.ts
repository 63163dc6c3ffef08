import { type EquihashParams, type Found, loadSolver, newSolverMemory } from "@fluxlab/core";
import type { SolverAnswer, SolverModule, ToSolverThread } from "./messages.ts";
import { orThrow } from "./orThrow.ts";
import { SolverLine, type SolverWorker } from "./solverLine.ts";

/** What a solver needs of its host. */
export interface SolverHost {
  module(name: SolverModule): Uint8Array;
  /** A worker that runs {@link solverThread}. */
  startWorker(): SolverWorker;
  /** Whether workers can share memory. Those that cannot are asked for a few steps at a time, so that they can be stopped. */
  readonly sharesMemory: boolean;
  /** Bytes that are free; undefined where the host does not tell. */
  availableMemory(): number | undefined;
}

/** Progress and cancellation of a search. */
export interface SolveOptions {
  /** Told after every step how much of the search is done, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Ends the search early; the promise then rejects with the signal's reason, and another search may begin. */
  readonly signal?: StopSignal | undefined;
}

/** What is used of an AbortSignal. */
export interface StopSignal {
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** There is not enough memory for what was asked. */
export class NoMemoryError extends Error {
  override name = "NoMemoryError";

  constructor({ n, k }: EquihashParams, threads: number, needed: number, available?: number) {
    const free = available === undefined ? "the host does not have it" : `${mebibytes(available)} are free`;
    const workers = threads === 1 ? "1 thread" : `${threads} threads`;
    super(`(${n}, ${k}) with ${workers} needs ${mebibytes(needed)} of memory, ${free}`);
  }
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString("en")} MiB`;

/** Steps that workers without a stop flag do at a time: a tenth of a second of (125, 4). */
const STEPS_ASKED = 8;

/**
 * Solves Equihash in the workers of a host, several of them over one shared memory. Close it: its workers keep running, and
 * the memory is theirs.
 */
export class ThreadedSolver {
  readonly threads: number;
  readonly memoryBytes: number;
  /** Settles when all threads have their part of the memory. */
  readonly started: Promise<void>;
  readonly #phases: readonly number[];
  readonly #lines: readonly SolverLine[];
  readonly #stop: Int32Array | undefined;

  /** @throws NoMemoryError if the host says that it has too little; one that does not tell makes `started` reject with it */
  constructor(params: EquihashParams, threads: number, host: SolverHost) {
    const module = host.module(threads > 1 ? "equihashSolverShared" : "equihashSolver");
    // An instance whose memory never grows: it knows how much there must be, and the phases.
    const plan = orThrow(loadSolver(module, orThrow(newSolverMemory(threads > 1)), params, threads));
    this.threads = threads;
    this.memoryBytes = plan.memoryBytes;
    this.#phases = plan.phases;
    const available = host.availableMemory();
    if (available !== undefined && available < plan.memoryBytes) {
      throw new NoMemoryError(params, threads, plan.memoryBytes, available);
    }
    this.#stop = host.sharesMemory ? new Int32Array(new SharedArrayBuffer(4)) : undefined;
    this.#lines = Array.from({ length: threads }, () => new SolverLine(host.startWorker()));
    this.started = this.#start(module, params);
    this.started.catch(() => {}); // whoever solves hears of it
  }

  /** All solutions of `input`, a header up to and with its nonce. One search at a time. */
  async solve(input: Uint8Array, { onProgress, signal }: SolveOptions = {}): Promise<Found> {
    const steps = this.#phases.reduce((sum, each) => sum + each, 0) * this.threads;
    let done = 0;
    const onStep = () => onProgress?.(++done / steps);
    const stop = () => this.#stop && Atomics.store(this.#stop, 0, 1);
    signal?.throwIfAborted();
    await this.started;
    if (this.#stop) Atomics.store(this.#stop, 0, 0);
    signal?.addEventListener("abort", stop);
    try {
      await this.#askAll({ type: "begin", input });
      for (let phase = 0; phase < this.#phases.length; phase++) await this.#run(phase, onStep, signal);
      return await this.#find();
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Ends the threads, and a search with them. Their memory is free when the promise settles. */
  async close(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()));
  }

  async #start(module: Uint8Array, params: EquihashParams): Promise<void> {
    const { threads } = this;
    const channels = Array.from({ length: threads - 1 }, () => new MessageChannel());
    const answers = this.#lines.map((line, thread) => {
      const ports = thread === 0 ? channels.map(({ port1 }) => port1) : [channels[thread - 1]!.port2];
      const stop = this.#stop;
      return line.ask({ type: "start", module, params, threads, thread, ports, stop }, undefined, ports);
    });
    // Threads that wait for memory that is not there would wait for ever: the first one's answer is asked for first.
    if ((await answers[0]!).type === "noMemory") throw new NoMemoryError(params, threads, this.memoryBytes);
    await Promise.all(answers);
  }

  /** One phase: no thread begins the next before all are done. */
  async #run(phase: number, onStep: () => void, signal: StopSignal | undefined): Promise<void> {
    const steps = this.#phases[phase]!;
    const asked = this.#stop === undefined ? STEPS_ASKED : steps;
    for (let from = 0; from < steps; from += asked) {
      await this.#askAll({ type: "steps", phase, from, to: Math.min(steps, from + asked) }, onStep);
      signal?.throwIfAborted();
    }
  }

  async #find(): Promise<Found> {
    const answer = await this.#lines[0]!.ask({ type: "find" });
    if (answer.type !== "found") throw new Error(`a thread that is asked to find answers ${answer.type}`);
    return answer.found;
  }

  #askAll(message: ToSolverThread, onStep?: () => void): Promise<SolverAnswer[]> {
    return Promise.all(this.#lines.map((line) => line.ask(message, onStep)));
  }
}
