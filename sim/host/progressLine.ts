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

  update({ blocksDone, blocksTotal }: Progress): void {
    const nowMs = performance.now();
    if (!this.#stream.isTTY || nowMs - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = nowMs;
    const perSecond = (blocksDone / (nowMs - this.#startMs)) * 1_000;
    const secondsLeft = (blocksTotal - blocksDone) / perSecond;
    const percent = Math.floor((blocksDone * 100) / blocksTotal);
    const speed = `${Math.round(perSecond / 1_000).toLocaleString("en")}k blocks/s`;
    const blocks = `${blocksDone.toLocaleString("en")} of ${blocksTotal.toLocaleString("en")} blocks`;
    this.#write(`${this.#title}  ${percent} %  ${blocks}  ${speed}  ${formatEta(secondsLeft)} left`);
  }

  /** Takes the line away; output may follow. */
  clear(): void {
    if (this.#stream.isTTY) this.#write("");
  }

  #write(text: string): void {
    this.#stream.write(`\r${text.slice(0, this.#stream.columns - 1)}\u001b[K`);
  }
}
