// Bytes of nearly free transactions that a node takes from its peers, over a window of about ten minutes that fades out.
// Source: fluxd src/main.cpp AcceptToMemoryPool, -limitfreerelay.

/** What is left of the count after one second. */
const KEPT_EACH_SECOND = 1 - 1 / 600;

/** Bytes the window may hold per thousand bytes a minute of the setting. */
const WINDOW_BYTES = 10 * 1_000;

/** Counts, fades and refuses. */
export class FreeRelayLimiter {
  readonly #limit: number;
  /** Bytes counted, as of {@link #lastTime}. */
  #count: number;
  #lastTime: number;

  constructor(thousandBytesPerMinute: number) {
    this.#limit = thousandBytesPerMinute * WINDOW_BYTES;
    this.#count = 0;
    this.#lastTime = 0;
  }

  /** Counts a transaction of `bytes` at Unix time `now`, or says that there is no room for it. A clock set back fades nothing. */
  admit(bytes: number, now: number): boolean {
    this.#count *= power(KEPT_EACH_SECOND, Math.max(0, now - this.#lastTime));
    this.#lastTime = now;
    if (this.#count >= this.#limit) return false;
    this.#count += bytes;
    return true;
  }
}

/** By squaring, so that every engine gets the same bits. `exponent`: a whole number >= 0. */
function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
