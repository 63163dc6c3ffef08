import type { PerTier } from "@fluxlab/core";
import type { Waits } from "@fluxlab/reports/metrics";
import { type NodeView, type QueueSnapshot, Run } from "@fluxlab/sim";
import type { RunFrame, RunRequest } from "../backend/backend.ts";
import type { RunApi } from "./labApi.ts";
import { networkOf } from "./networks.ts";

/** Milliseconds between frames, and the longest the worker is deaf to its page. */
const FRAME_MS = 100;
const SLICE_MS = 20;

/** Blocks whose payees are kept for a node's history and moments of the past: 24 MiB, four years of proof of work or one of proof of node. */
const PAYEES_OF = 1 << 20;

/**
 * Plays one run at the pace its page asks for, in slices between which messages are heard. What is played does not depend
 * on the pace.
 */
export class PacedRun implements RunApi {
  #run: Run | undefined;
  #onFrame: (frame: RunFrame) => void = () => {};
  #paused = false;
  /** Blocks yet to play before the run pauses by itself. */
  #left = Number.POSITIVE_INFINITY;
  /** Simulated seconds for each second; undefined: as fast as possible. */
  #speed: number | undefined;
  /** Until when blocks are paid for, and simulated seconds that are owed besides. */
  #paidUntil = 0;
  #owed = 0;
  #lastFrame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  start({ scenario, seed }: RunRequest, onFrame: (frame: RunFrame) => void): void {
    this.#run = new Run(scenario, networkOf(scenario), seed, { payeesOf: PAYEES_OF });
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

  stepEvent(): void {
    this.step(this.#started().blocksToEvent);
  }

  setSpeed(secondsPerSecond: number | undefined): void {
    this.#speed = secondsPerSecond;
    this.#keepTime();
    if (!this.#paused) this.#schedule(0);
  }

  queues(most: number, height: number | undefined): QueueSnapshot | undefined {
    const run = this.#started();
    return height === undefined ? run.queues(most) : run.queuesAfter(height, most);
  }

  node(number: number, height: number | undefined): NodeView | undefined {
    const run = this.#started();
    return height === undefined ? run.node(number) : run.nodeAfter(height, number);
  }

  waits(height: number): PerTier<Waits> | undefined {
    return this.#started().waitsAfter(height);
  }

  #started(): Run {
    if (this.#run === undefined) throw new Error("no run has been started");
    return this.#run;
  }

  #go(): void {
    this.#paused = false;
    this.#keepTime();
    this.#schedule(0);
  }

  #keepTime(): void {
    this.#paidUntil = performance.now();
    this.#owed = 0;
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#slice(), ms);
  }

  #slice(): void {
    const run = this.#run;
    if (run === undefined || run.done || this.#paused) return;
    const until = performance.now() + SLICE_MS;
    const dueAtFirst = Number.isFinite(this.#left) ? this.#left : this.#due(run); // a step does not wait
    let due = dueAtFirst;
    while (due > 0 && !run.done && performance.now() < until) {
      const before = run.blocksDone;
      run.advance(Math.min(due, this.#chunk(run)));
      due -= run.blocksDone - before;
      this.#left -= run.blocksDone - before;
    }
    if (this.#speed !== undefined) this.#owed -= (dueAtFirst - due) * this.#spacing(run);
    if (this.#left <= 0) this.#paused = true;
    const now = performance.now();
    if (run.done || this.#paused || now - this.#lastFrame >= FRAME_MS) this.#frame();
    if (!run.done && !this.#paused) this.#schedule(due > 0 ? 0 : SLICE_MS);
  }

  /** Blocks that the pace owes by now. */
  #due(run: Run): number {
    if (this.#speed === undefined) return Number.POSITIVE_INFINITY;
    const now = performance.now();
    this.#owed += ((now - this.#paidUntil) / 1_000) * this.#speed;
    this.#paidUntil = now;
    return Math.floor(this.#owed / this.#spacing(run));
  }

  #spacing(run: Run): number {
    return run.queues(0).spacing;
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
