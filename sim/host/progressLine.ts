import type { WriteStream } from "node:tty";
import { formatEta } from "@fluxlab/core/command-line";
import type { Progress } from "./playScenario.ts";

/** Terminals need no more; a faster line only flickers. */
const REDRAW_MS = 100;

/**
 * A line on a terminal that shows how far a run is, its speed and the time left. Elsewhere (a file, a pipe, CI) it writes
 * nothing.
 */
export class ProgressLine {
  readonly #stream: WriteStream;
  readonly #title: string;
  readonly #startMs = performance.now();
  #drawnMs = 0;

  constructor(stream: WriteStream, title: string) {
    this.#stream = stream;
    this.#title = title;
  }

  update({ done, total, unit }: Progress): void {
    const nowMs = performance.now();
    if (!this.#stream.isTTY || nowMs - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = nowMs;
    const perSecond = (done / (nowMs - this.#startMs)) * 1_000;
    const secondsLeft = (total - done) / perSecond;
    const percent = Math.floor((done * 100) / total);
    const rate = perSecond >= 10_000 ? `${count(perSecond / 1_000)}k` : count(perSecond);
    const speed = unit === "seconds" ? `${rate} times real time` : `${rate} ${unit}/s`;
    const played = `${count(done)} of ${count(total)} ${unit}`;
    this.#write(`${this.#title}  ${percent} %  ${played}  ${speed}  ${formatEta(secondsLeft)} left`);
  }

  /** Takes the line away; output may follow. */
  clear(): void {
    if (this.#stream.isTTY) this.#write("");
  }

  #write(text: string): void {
    this.#stream.write(`\r${text.slice(0, this.#stream.columns - 1)}\u001b[K`);
  }
}

const count = (value: number): string => Math.round(value).toLocaleString("en");
