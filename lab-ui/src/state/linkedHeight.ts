import { secondsAtHeight } from "@fluxlab/reports/metrics";
import type { RunFrame } from "../backend/backend.ts";

/**
 * The height that a link names, shown as soon as the run has come there. A record that grows keeps fewer of its heights, and between
 * them their moments are a guess, so it is pinned anew with every frame until the reader goes elsewhere.
 */
export class LinkedHeight {
  readonly #height: number | undefined;
  /** Seconds that were pinned for the link's sake. */
  #linked: number | undefined;
  #isElsewhere = false;

  constructor(height: number | undefined) {
    this.#height = height;
  }

  /** What is pinned from a frame on, seconds; `pinned`: what was, undefined for the newest moment. */
  pin({ state, record }: RunFrame, pinned: number | undefined): number | undefined {
    if (this.#height === undefined || this.#isElsewhere) return pinned;
    this.#isElsewhere = pinned !== this.#linked;
    const isPlayed = record.lastHeight >= this.#height || state === "done";
    if (this.#isElsewhere || !isPlayed) return pinned;
    this.#linked = secondsAtHeight(record.samples, this.#height);
    return this.#linked;
  }
}
