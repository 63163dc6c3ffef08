const MICROSECONDS = 1_000_000;

/** Lets through what comes at a mean rate, and so many at once as were saved up. */
export class TokenBucket {
  #tokens: number;
  /** Of the last refill, Unix microseconds. */
  #time: number;
  readonly #perSecond: number;
  readonly #capacity: number;

  /** Holds `tokens` at `now`, a time in microseconds. */
  constructor(tokens: number, perSecond: number, capacity: number, now: number) {
    this.#tokens = tokens;
    this.#time = now;
    this.#perSecond = perSecond;
    this.#capacity = capacity;
  }

  /** Adds tokens for something expected; they may go beyond the capacity. */
  grant(tokens: number): void {
    this.#tokens += tokens;
  }

  /** Fills up for the time that went by; a clock set back gives nothing. */
  refill(now: number): void {
    if (this.#tokens < this.#capacity) {
      const gained = (Math.max(0, now - this.#time) / MICROSECONDS) * this.#perSecond;
      this.#tokens = Math.min(this.#tokens + gained, this.#capacity);
    }
    this.#time = now;
  }

  /** Takes a token if there is a whole one. */
  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** Addresses that one peer may tell. Source: fluxd src/main.cpp ProcessMessage "addr", src/net.h MAX_ADDR_RATE_PER_SECOND. */
export const addressBucket = (now: number): TokenBucket => new TokenBucket(1, 0.1, 1_000, now);
