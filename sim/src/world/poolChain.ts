import type { AssetChain } from "@fluxlab/core";

/** A refill of a chain's float. */
export interface Refill {
  readonly orderedMs: number;
  readonly deliveredMs: number;
  /** What it brought, satoshi. */
  readonly amount: bigint;
}

/** One chain's side of the relayer's desk: what it has at hand there, and who waits for it. */
export class PoolChain {
  readonly chain: AssetChain;
  /** Satoshi at hand after a refill, and the most at any time. */
  readonly float: bigint;
  /** Satoshi that the relayer can pay from now; the rest of what the ledger would let it pay is in cold storage. */
  atHand: bigint;
  lowest: bigint;
  /** Swaps in the order in which they might first have been paid; some may have been cancelled since. */
  readonly queue: number[] = [];
  /** The first of {@link queue} that was not looked at. */
  head = 0;
  /** Swaps of the queue that are neither paid nor cancelled, and their amounts, satoshi. */
  waiting = 0;
  waitingAmount = 0n;
  /** When the first swap had to wait for the float. */
  firstDryMs: number | undefined = undefined;
  /** Since when swaps wait, if they do. */
  drySinceMs: number | undefined = undefined;
  /** Of past times. */
  dryMs = 0;
  /** When the refill that is under way was ordered. */
  orderedMs: number | undefined = undefined;
  readonly refills: Refill[] = [];

  constructor(chain: AssetChain, float: bigint) {
    this.chain = chain;
    this.float = float;
    this.atHand = float;
    this.lowest = float;
  }

  /** When the first block after `ms` comes. */
  blockAfter(ms: number): number {
    const { blockIntervalMs } = this.chain;
    return (Math.floor(ms / blockIntervalMs) + 1) * blockIntervalMs;
  }

  pay(amount: bigint): void {
    this.atHand -= amount;
    if (this.atHand < this.lowest) this.lowest = this.atHand;
  }

  /** What is more than the float goes to cold storage: that is what a float is for. */
  receive(amount: bigint): void {
    const sum = this.atHand + amount;
    this.atHand = sum < this.float ? sum : this.float;
  }

  join(swap: number, amount: bigint): void {
    this.queue.push(swap);
    this.waiting++;
    this.waitingAmount += amount;
  }

  leave(amount: bigint): void {
    this.waiting--;
    this.waitingAmount -= amount;
  }

  /** Begins or ends a dry time, by whether somebody waits at `ms`. */
  noteDry(ms: number): void {
    if (this.waiting > 0) {
      this.firstDryMs ??= ms;
      this.drySinceMs ??= ms;
    } else if (this.drySinceMs !== undefined) {
      this.dryMs += ms - this.drySinceMs;
      this.drySinceMs = undefined;
    }
  }
}
