import type { Txid } from "../primitives/ids.ts";
import { hashKey } from "../state/outpointKey.ts";

/** Ids remembered for a while. Source: fluxd src/mempool_limit.cpp RecentlyEvictedList. */
export class RecentTxids {
  readonly #secondsKept: number;
  readonly #capacity: number;
  /** When each was added, oldest first. */
  readonly #times: Map<string, number>;

  constructor(secondsKept: number, capacity: number) {
    this.#secondsKept = secondsKept;
    this.#capacity = capacity;
    this.#times = new Map();
  }

  /** `time`: Unix seconds. Where there is no room the oldest is forgotten; one that is known keeps its time. */
  add(txid: Txid, time: number): void {
    this.#forgetOld(time);
    const key = hashKey(txid);
    if (this.#times.has(key)) return;
    if (this.#times.size === this.#capacity) {
      for (const oldest of this.#times.keys()) {
        this.#times.delete(oldest);
        break;
      }
    }
    this.#times.set(key, time);
  }

  has(txid: Txid, time: number): boolean {
    this.#forgetOld(time);
    return this.#times.has(hashKey(txid));
  }

  clear(): void {
    this.#times.clear();
  }

  #forgetOld(now: number): void {
    for (const [key, time] of this.#times) {
      if (now - time <= this.#secondsKept) return;
      this.#times.delete(key);
    }
  }
}
