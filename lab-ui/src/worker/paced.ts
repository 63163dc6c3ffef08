import { mainnet, type Params, regtest, testnet } from "@fluxlab/core";
import { Run } from "@fluxlab/sim";
import type { RunFrame, RunRequest } from "../backend/backend.ts";
import type { WorkerApi } from "./labApi.ts";

const NETWORKS: Readonly<Record<string, Params>> = { main: mainnet, test: testnet, regtest };

/** Milliseconds between frames, and the longest the worker is deaf to its page. */
const FRAME_MS = 100;
const SLICE_MS = 20;

/**
 * Plays one run at the pace its page asks for, in slices between which messages are heard. What is played does not depend
 * on the pace.
 */
export class PacedRun implements WorkerApi {
  #run: Run | undefined;
  #onFrame: (frame: RunFrame) => void = () => {};
  #paused = false;
  /** Blocks yet to play before the run pauses by itself. */
  #left = Number.POSITIVE_INFINITY;
  #blocksPerSecond: number | undefined;
  /** When the pace was set, and how many blocks had been played. */
  #since = { time: 0, blocks: 0 };
  #lastFrame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  start({ scenario, seed }: RunRequest, onFrame: (frame: RunFrame) => void): void {
    const params = NETWORKS[scenario.network];
    if (params === undefined) throw new Error(`${scenario.network}: a page has only the built-in networks`);
    this.#run = new Run(scenario, params, seed);
    this.#onFrame = onFrame;
    this.#keepTime();
    this.#schedule(0);
  }

  pause(): void {
    this.#paused = true;
    this.#frame();
  }

  resume(): void {
    this.#left = Number.POSITIVE_INFINITY;
    this.#go();
  }

  step(blocks: number): void {
    this.#left = blocks;
    this.#go();
  }

  setSpeed(blocksPerSecond: number | undefined): void {
    this.#blocksPerSecond = blocksPerSecond;
    this.#keepTime();
  }

  #go(): void {
    this.#paused = false;
    this.#keepTime();
    this.#schedule(0);
  }

  #keepTime(): void {
    this.#since = { time: performance.now(), blocks: this.#run?.blocksDone ?? 0 };
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#slice(), ms);
  }

  #slice(): void {
    const run = this.#run;
    if (run === undefined || run.done || this.#paused) return;
    const until = performance.now() + SLICE_MS;
    let due = Math.min(this.#due(run), this.#left);
    while (due > 0 && !run.done && performance.now() < until) {
      const before = run.blocksDone;
      run.advance(Math.min(due, this.#chunk(run)));
      due -= run.blocksDone - before;
      this.#left -= run.blocksDone - before;
    }
    if (this.#left <= 0) this.#paused = true;
    const now = performance.now();
    if (run.done || this.#paused || now - this.#lastFrame >= FRAME_MS) this.#frame();
    if (!run.done && !this.#paused) this.#schedule(due > 0 ? 0 : SLICE_MS);
  }

  /** Blocks that the pace owes by now. */
  #due(run: Run): number {
    if (this.#blocksPerSecond === undefined) return Number.POSITIVE_INFINITY;
    const elapsed = (performance.now() - this.#since.time) / 1_000;
    return Math.floor(elapsed * this.#blocksPerSecond) - (run.blocksDone - this.#since.blocks);
  }

  /** A thousandth of the run at a time, so that the clock is looked at often enough. */
  #chunk(run: Run): number {
    return Math.max(1, Math.ceil(run.blocksTotal / 1_000));
  }

  #frame(): void {
    const run = this.#run;
    if (run === undefined || run.blocksDone === 0) return;
    this.#lastFrame = performance.now();
    const { blocksDone, blocksTotal } = run;
    const state = run.done ? "done" : this.#paused ? "paused" : "running";
    this.#onFrame({ state, blocksDone, blocksTotal, record: run.record() });
  }
}
