import { assert, NO_ROW, type Params, secondsBetween, TIERS } from "@fluxlab/core";
import { RunDigest } from "../kernel/digest.ts";
import type { EconomyPlan } from "./economyPlan.ts";
import { Ledger } from "./ledger.ts";
import { Operators } from "./operators.ts";
import { ALL_TIERS, type RewardRun, rewardRun } from "./rewardRuns.ts";
import { WaitHistogram } from "./waitHistogram.ts";

/** Digest rows of amounts; block rows begin with a height, event rows with bit 31 alone. */
const REWARD_ROW = 0xc000_0000;
const FUNDING_ROW = REWARD_ROW + 1 + TIERS.length;

/**
 * The chain's economy without a network: every block has a producer, carries what operators send, and pays the heads of the
 * three queues by the core's rules. Time passes at the target spacing.
 */
export class Economy {
  readonly plan: EconomyPlan;
  readonly operators: Operators;
  readonly ledger: Ledger;
  /** Waits between a node's payments, and from its confirmation to its first, by tier index. */
  readonly waits: readonly WaitHistogram[];
  /** Payments made, by tier index. */
  readonly payments = new Float64Array(TIERS.length);
  /** Satoshi paid, by tier index. */
  readonly paid: bigint[] = TIERS.map(() => 0n);
  /** The next block. */
  height: number;
  readonly #params: Params;
  readonly #digest: RunDigest;
  #run: RewardRun;
  #runStartSeconds = 0;

  /** `digest` is told of everything that happens. */
  constructor(plan: EconomyPlan, digest = new RunDigest()) {
    this.plan = plan;
    this.#digest = digest;
    this.#params = plan.params;
    this.height = plan.firstHeight;
    this.operators = new Operators(plan, this.#digest);
    this.ledger = new Ledger(plan.params, plan.firstHeight, plan.supplyCap);
    const unit = greatestCommonDivisor(plan.params.pow.targetSpacing, plan.params.pon.targetSpacing);
    this.waits = TIERS.map(() => new WaitHistogram(unit));
    this.#run = this.#enterRun(plan.firstHeight);
  }

  /** Seconds from the first block to block `height`. */
  secondsAt(height: number): number {
    return secondsBetween(this.#params, this.plan.firstHeight, height);
  }

  /** SHA-256 (hex) over every event, every payee of every block, and every amount, so far. */
  digest(): string {
    return this.#digest.hex();
  }

  /** Plays all blocks up to and including `last`. */
  advance(last: number): void {
    assert(last <= this.plan.lastHeight, `block ${last} is beyond the plan's ${this.plan.lastHeight}`);
    while (this.height <= last) {
      if (this.height > this.#run.last) this.#run = this.#enterRun(this.height);
      this.#playRun(Math.min(last, this.#run.last));
    }
  }

  #enterRun(first: number): RewardRun {
    const run = rewardRun(this.#params, first, this.plan.lastHeight);
    this.#runStartSeconds = this.secondsAt(first);
    this.#digest.amount(REWARD_ROW, first, run.subsidy);
    run.shares.forEach((share, tier) => {
      this.#digest.amount(REWARD_ROW + 1 + tier, first, share);
    });
    for (const { amount } of run.funding) this.#digest.amount(FUNDING_ROW, first, amount);
    return run;
  }

  /** Plays blocks of the present run; the hot loop of the fidelity. */
  #playRun(last: number): void {
    const run = this.#run;
    const first = this.height;
    const { events } = this.operators;
    const { queues } = this.operators.nodes;
    const blocksByMask = new Uint32Array(ALL_TIERS + 1);
    let seconds = this.#runStartSeconds + (first - run.first) * run.spacing;
    for (let height = first; height <= last; height++) {
      // Payees are the heads before the block moves anything.
      const cumulus = run.pays ? queues.head(0) : NO_ROW;
      const nimbus = run.pays ? queues.head(1) : NO_ROW;
      const stratus = run.pays ? queues.head(2) : NO_ROW;
      if (events.nextTime === height) this.operators.deliver(height, seconds);
      let mask = 0;
      if (cumulus !== NO_ROW) {
        mask |= 1;
        this.#pay(cumulus, 0, height, seconds);
      }
      if (nimbus !== NO_ROW) {
        mask |= 2;
        this.#pay(nimbus, 1, height, seconds);
      }
      if (stratus !== NO_ROW) {
        mask |= 4;
        this.#pay(stratus, 2, height, seconds);
      }
      blocksByMask[mask]!++;
      this.#digest.row(height, cumulus, nimbus, stratus);
      seconds += run.spacing;
    }
    this.height = last + 1;
    this.#book(run, first, last, blocksByMask);
  }

  #pay(row: number, tier: number, height: number, seconds: number): void {
    const { rows, queues } = this.operators.nodes;
    rows.earned[row]! += this.#run.shares[tier]!;
    rows.payments[row]!++;
    const turn = rows.turnSeconds[row]!;
    if (turn >= 0) this.waits[tier]!.add(seconds - turn);
    // A node that this block expires or spends is paid all the same, but its record is gone.
    if (!queues.has(row)) return;
    rows.lastPaidHeight[row] = height;
    rows.turnSeconds[row] = seconds;
    queues.reposition(row, 0, height);
  }

  #book(run: RewardRun, first: number, last: number, blocksByMask: Uint32Array): void {
    this.ledger.book(run, first, last - first + 1, blocksByMask);
    TIERS.forEach((_, tier) => {
      let payments = 0;
      for (const [mask, blocks] of blocksByMask.entries()) if (mask & (1 << tier)) payments += blocks;
      this.payments[tier]! += payments;
      this.paid[tier]! += run.shares[tier]! * BigInt(payments);
    });
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
