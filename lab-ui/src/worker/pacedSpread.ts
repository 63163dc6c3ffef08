import { type NetworkNodeView, type SpreadRun, SpreadTrace, spreadRun } from "@fluxlab/sim";
import { checkedSpread } from "@fluxlab/sim/scenario";
import type { SpreadFrame, SpreadRequest, SpreadStep } from "../backend/backend.ts";
import type { SpreadApi } from "./labApi.ts";
import { networkOf } from "./networks.ts";

/** Milliseconds between frames, between frames with a record, and the longest the worker is deaf to its page. */
const FRAME_MS = 100;
const RECORD_MS = 500;
const SLICE_MS = 16;

const SECOND = 1_000_000;
/** Simulated microseconds between looks at the clock, at first and at most. */
const FIRST_PIECE = 100_000;
const MOST_PIECE = 60 * SECOND;

/**
 * Plays one run in which messages travel at the pace its page asks for, in slices between which messages are heard, and tells what
 * happened. What is played does not depend on the pace.
 */
export class PacedSpread implements SpreadApi {
  #run: SpreadRun | undefined;
  #trace = new SpreadTrace();
  #onFrame: (frame: SpreadFrame) => void = () => {};
  #told = false;
  #paused = false;
  #step: SpreadStep | undefined;
  /** Of the step, yet to be played. */
  #stepsLeft = 0;
  /** Until when it plays at once, whatever the pace. */
  #playFirst = 0;
  #speed: number | undefined;
  /** Until when simulated time is paid for, and what is owed. */
  #paidUntil = 0;
  #owed = 0;
  #piece = FIRST_PIECE;
  #lastFrame = 0;
  #lastRecord = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  startSpread(
    { scenario, seed, speed, playFirst, paused }: SpreadRequest,
    onFrame: (frame: SpreadFrame) => void,
  ): void {
    const checked = checkedSpread(scenario);
    this.#run = spreadRun(checked, networkOf(checked), seed, { trace: this.#trace });
    this.#onFrame = onFrame;
    this.#speed = speed;
    this.#playFirst = playFirst * SECOND;
    this.#paused = paused;
    this.#keepTime();
    this.#schedule(0);
  }

  pauseSpread(): void {
    this.#paused = true;
    this.#step = undefined;
    if (!this.#replaying) this.#frame();
  }

  resumeSpread(): void {
    this.#paused = false;
    this.#step = undefined;
    this.#keepTime();
    this.#schedule(0);
  }

  stepSpread(what: SpreadStep, times: number): void {
    this.#paused = false;
    this.#step = what;
    this.#stepsLeft = times;
    this.#schedule(0);
  }

  setSpreadSpeed(secondsPerSecond: number | undefined): void {
    this.#speed = secondsPerSecond;
    this.#keepTime();
    if (!this.#paused) this.#schedule(0);
  }

  spreadNode(number: number): NetworkNodeView | undefined {
    return this.#run?.node?.(number);
  }

  get #replaying(): boolean {
    return this.#run !== undefined && !this.#run.done && this.#run.time < this.#playFirst;
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
    if (run === undefined) return;
    const until = performance.now() + SLICE_MS;
    if (this.#replaying) this.#play(run, this.#playFirst, until);
    else if (!this.#paused && !run.done) {
      if (this.#step === undefined) this.#play(run, run.time + this.#due(), until);
      else this.#playStep(run, this.#step, until);
    }
    const now = performance.now();
    const stands = run.done || (this.#paused && !this.#replaying);
    if (stands || now - this.#lastFrame >= FRAME_MS) this.#frame();
    if (!stands) this.#schedule(now >= until ? 0 : SLICE_MS);
  }

  /** Plays up to a simulated time, or until the clock says so, in pieces that take a few milliseconds each. */
  #play(run: SpreadRun, to: number, until: number): void {
    const from = run.time;
    let now = performance.now();
    while (!run.done && run.time < to && now < until) {
      run.advanceTo(Math.min(run.time + this.#piece, to));
      const took = performance.now() - now;
      now += took;
      if (took > SLICE_MS / 2) this.#piece = Math.max(Math.floor(this.#piece / 2), 1);
      else if (took < SLICE_MS / 8) this.#piece = Math.min(this.#piece * 2, MOST_PIECE);
    }
    this.#owed -= run.time - from;
  }

  #playStep(run: SpreadRun, what: SpreadStep, until: number): void {
    const count = () => (what === "block" ? run.blocks : this.#trace.written);
    while (!run.done && this.#stepsLeft > 0 && performance.now() < until) {
      const before = count();
      run.advanceTo(run.nextTime);
      if (count() > before) this.#stepsLeft--;
    }
    if (this.#stepsLeft > 0 && !run.done) return;
    this.#step = undefined;
    this.#paused = true;
  }

  /** Microseconds of simulated time that the pace owes by now, whole ones. */
  #due(): number {
    if (this.#speed === undefined) return Number.POSITIVE_INFINITY;
    const now = performance.now();
    this.#owed += (now - this.#paidUntil) * 1_000 * this.#speed;
    this.#paidUntil = now;
    return Math.max(Math.floor(this.#owed), 0);
  }

  #frame(): void {
    const run = this.#run;
    if (run === undefined) return;
    const now = performance.now();
    const replaying = this.#replaying;
    const state = run.done ? "done" : replaying ? "replaying" : this.#paused ? "paused" : "running";
    const stands = state === "done" || state === "paused";
    const withRecord = stands || now - this.#lastRecord >= RECORD_MS;
    if (withRecord) this.#lastRecord = now;
    this.#onFrame({
      state,
      seconds: run.time / SECOND,
      rows: this.#trace.drain(),
      scene: this.#told ? undefined : run.scene,
      record: withRecord ? run.record() : undefined,
    });
    this.#told = true;
    this.#lastFrame = performance.now();
  }
}
