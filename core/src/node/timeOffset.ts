import { ipKey } from "./networkAddress.ts";

/** Source: fluxd src/timedata.cpp. */
const MAX_SAMPLES = 200;
const MIN_SAMPLES = 5;
/** Peers may move our time by less than this. */
const MAX_OFFSET_SECONDS = 70 * 60;
/** An offset this small agrees with our clock. */
const AGREEING_SECONDS = 5 * 60;

/** How far this node's clock is from those of its peers: the median of one sample an IP. Source: fluxd src/timedata.cpp. */
export class TimeOffset {
  /** Seconds to add to the clock. */
  offset: number;
  /** Whether nobody agrees with our clock: it, or everybody else's, is wrong. */
  clockDoubted: boolean;
  readonly #known: Set<string>;
  /** Rising. */
  readonly #samples: number[];

  constructor() {
    this.offset = 0;
    this.clockDoubted = false;
    this.#known = new Set();
    this.#samples = [0];
  }

  /**
   * A peer's clock minus ours, in seconds. The offset changes only when the number of samples, our own 0 included, is odd and
   * at least five; the 200th peer and those after it have no say.
   */
  add(ip: Uint8Array, seconds: number): void {
    const key = ipKey(ip);
    if (this.#samples.length === MAX_SAMPLES || this.#known.has(key)) return;
    this.#known.add(key);
    const place = this.#samples.findIndex((sample) => sample > seconds);
    this.#samples.splice(place < 0 ? this.#samples.length : place, 0, seconds);
    const count = this.#samples.length;
    if (count < MIN_SAMPLES || count % 2 === 0) return;
    const median = this.#samples[(count - 1) / 2]!;
    const trusted = Math.abs(median) < MAX_OFFSET_SECONDS;
    this.offset = trusted ? median : 0;
    this.clockDoubted ||= !trusted && !this.#samples.some(agrees);
  }
}

const agrees = (sample: number): boolean => sample !== 0 && Math.abs(sample) < AGREEING_SECONDS;
