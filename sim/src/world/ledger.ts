import type { RewardRun } from "@fluxlab/core";

/** The block whose issuance passed the cap, and the supply before and after it, satoshi. */
export interface CapPassed {
  readonly height: number;
  readonly before: bigint;
  readonly after: bigint;
}

/** Who got what coinbases of the run created, in satoshi, kept a stretch of equal blocks at a time. */
export class Ledger {
  minted = 0n;
  toProducers = 0n;
  toDevFund = 0n;
  toFunds = 0n;
  capPassed: CapPassed | undefined;
  readonly #cap: bigint;

  constructor(cap: bigint) {
    this.#cap = cap;
  }

  /**
   * Books `blocks` blocks of `run` from `first` on, after which the chain's supply was `supply`; `byMask[mask]` of them had
   * payees in just those tiers.
   */
  book(run: RewardRun, first: number, blocks: number, byMask: Uint32Array, supply: bigint): void {
    const minted = run.minted * BigInt(blocks);
    this.minted += minted;
    this.#watchCap(first, run.minted, supply - minted, supply);
    for (const { amount } of run.funding) this.toFunds += amount * BigInt(blocks);
    for (const [mask, count] of byMask.entries()) {
      const amount = run.remainders[mask]! * BigInt(count);
      if (run.receiver === "devFund") this.toDevFund += amount;
      else this.toProducers += amount;
    }
  }

  #watchCap(first: number, perBlock: bigint, before: bigint, after: bigint): void {
    if (this.capPassed !== undefined || after <= this.#cap) return;
    if (before > this.#cap) return; // the run began above its cap
    const within = (this.#cap - before) / perBlock; // blocks that still fit
    const height = first + Number(within);
    this.capPassed = {
      height,
      before: before + within * perBlock,
      after: before + (within + 1n) * perBlock,
    };
  }
}
