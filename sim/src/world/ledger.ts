import type { Params } from "@fluxlab/core";
import { maxIssued } from "@fluxlab/core";
import type { RewardRun } from "./rewardRuns.ts";

/** The block whose issuance passed the cap, and the supply before and after it, satoshi. */
export interface CapPassed {
  readonly height: number;
  readonly before: bigint;
  readonly after: bigint;
}

/**
 * What coinbases have created and who got it, in satoshi, kept a stretch of equal blocks at a time. Every block claims all
 * it may, so the supply before the run is the schedule's.
 */
export class Ledger {
  /** Created since genesis, and of that by this run. */
  supply: bigint;
  minted = 0n;
  toProducers = 0n;
  toDevFund = 0n;
  toFunds = 0n;
  capPassed: CapPassed | undefined;
  readonly #cap: bigint;

  constructor(params: Params, firstHeight: number, cap: bigint) {
    this.supply = maxIssued(params, firstHeight - 1);
    this.#cap = cap;
  }

  /** Books `blocks` blocks of `run` from `first` on; `byMask[mask]` of them had payees in just those tiers. */
  book(run: RewardRun, first: number, blocks: number, byMask: Uint32Array): void {
    const funding = run.funding.reduce((sum, { amount }) => sum + amount, 0n);
    this.#mint(first, run.subsidy + funding, blocks);
    this.toFunds += funding * BigInt(blocks);
    for (const [mask, count] of byMask.entries()) {
      const amount = run.remainders[mask]! * BigInt(count);
      if (run.receiver === "devFund") this.toDevFund += amount;
      else this.toProducers += amount;
    }
  }

  #mint(first: number, perBlock: bigint, blocks: number): void {
    const before = this.supply;
    const minted = perBlock * BigInt(blocks);
    this.supply += minted;
    this.minted += minted;
    if (this.capPassed !== undefined || this.supply <= this.#cap) return;
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
