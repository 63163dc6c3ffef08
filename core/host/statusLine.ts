import type { WriteStream } from "node:tty";

/** Terminals need no more; a faster line only flickers. */
const REDRAW_MS = 100;

/** A line on a terminal that is written over and over. Elsewhere (a file, a pipe, CI) nothing is written. */
export class StatusLine {
  readonly #stream: WriteStream;
  #drawnMs = 0;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  /** `text` is only asked for when the line is due. */
  update(text: () => string): void {
    const nowMs = performance.now();
    if (!this.#stream.isTTY || nowMs - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = nowMs;
    this.#write(text());
  }

  /** Takes the line away; output may follow. */
  clear(): void {
    if (this.#stream.isTTY) this.#write("");
  }

  #write(text: string): void {
    this.#stream.write(`\r${text.slice(0, this.#stream.columns - 1)}\u001b[K`);
  }
}
