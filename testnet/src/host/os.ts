import { randomFillSync } from "node:crypto";

// Time and chance of a real machine, for the ports of a node.

/** Unix time in whole microseconds, by this machine's clock, which knows milliseconds. */
export const osNow = (): number => Date.now() * 1_000;

const drawn = new Uint32Array(256);
let left = 0;

/** 32 bits of the operating system's randomness, fetched many at a time. */
export function osBits32(): number {
  if (left === 0) {
    randomFillSync(drawn);
    left = drawn.length;
  }
  left--;
  return drawn[left]!;
}

/** The longest that a timer of Node.js can wait, milliseconds. */
const MAX_DELAY = 2 ** 31 - 1;

/** Rings once at a time that can be changed until then. */
export class Alarm {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ring: () => void) {
    this.#ring = ring;
    this.#timer = undefined;
  }

  /** After `delay` milliseconds, or earlier if that is further than timers go, which does no harm: nodes ask again. */
  set(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#ring, Math.min(Math.max(0, Math.ceil(delay)), MAX_DELAY));
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
