import {
  ALL_TIERS,
  assert,
  maxIssued,
  NO_ROW,
  NodeChain,
  type Params,
  type RewardRun,
  secondsBetween,
  TIERS,
} from "@fluxlab/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { RunDigest } from "../kernel/digest.ts";
import type { CollateralName, EconomyPlan } from "./economyPlan.ts";
import { Ledger } from "./ledger.ts";
import { GONE } from "./operatorRows.ts";
import { Operators } from "./operators.ts";
import type { PayeeLog } from "./payeeLog.ts";
import { WaitHistogram } from "./waitHistogram.ts";

/** Digest rows of amounts; block rows begin with a height, event rows with bit 31 alone. */
const REWARD_ROW = 0xc000_0000;
const FUNDING_ROW = REWARD_ROW + 1 + TIERS.length;

/**
 * The chain's economy without a network: every block has a producer, carries what operators send, and is connected to the core's
 * node lists, queues and supply by the core's rules. Time passes at the target spacing.
 */
export class Economy {
  readonly plan: EconomyPlan;
  readonly chain: NodeChain;
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
  /** Told of every block's payees, if somebody wants to know. */
  readonly payees: PayeeLog | undefined;
  readonly #params: Params;
  readonly #digest: RunDigest;
  #run: RewardRun;
  #runStartSeconds = 0;

  /** `digest` is told of everything that happens. Every block claims all it may, so the supply before a run that begins of itself is the schedule's. */
  constructor(
    plan: EconomyPlan,
    digest = new RunDigest(),
    nameCollateral = hashedName(plan.seed),
    payees?: PayeeLog,
  ) {
    const { params, firstHeight, supplyCap, beginning } = plan;
    this.plan = plan;
    this.#digest = digest;
    this.payees = payees;
    this.#params = params;
    this.height = firstHeight;
    const supply = beginning?.supply ?? maxIssued(params, firstHeight - 1);
    this.chain = new NodeChain(params, firstHeight - 1, supply);
    this.operators = new Operators(plan, this.chain, nameCollateral, digest);
    this.ledger = new Ledger(supplyCap);
    const unit = greatestCommonDivisor(params.pow.targetSpacing, params.pon.targetSpacing);
    this.waits = TIERS.map(() => new WaitHistogram(unit));
    this.#run = this.#enterRun();
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
      if (this.height > this.#run.last) this.#run = this.#enterRun();
      this.#playRun(Math.min(last, this.#run.last));
    }
  }

  /** Begins the next block's run. */
  #enterRun(): RewardRun {
    const run = this.chain.rewards;
    const first = this.height;
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
    const { payees } = this;
    const { nodes } = this.operators;
    const blocksByMask = new Uint32Array(ALL_TIERS + 1);
    let seconds = this.#runStartSeconds + (first - run.first) * run.spacing;
    for (let height = first; height <= last; height++) {
      // Payees are the heads before the block moves anything.
      const cumulus = run.pays ? nodes.payee(0) : NO_ROW;
      const nimbus = run.pays ? nodes.payee(1) : NO_ROW;
      const stratus = run.pays ? nodes.payee(2) : NO_ROW;
      this.operators.play(height, seconds);
      if (payees !== undefined) payees.note(height, cumulus, nimbus, stratus);
      let mask = 0;
      if (cumulus !== NO_ROW) {
        mask |= 1;
        this.#notePayment(cumulus, 0, seconds);
      }
      if (nimbus !== NO_ROW) {
        mask |= 2;
        this.#notePayment(nimbus, 1, seconds);
      }
      if (stratus !== NO_ROW) {
        mask |= 4;
        this.#notePayment(stratus, 2, seconds);
      }
      blocksByMask[mask]!++;
      this.#digest.row(height, cumulus, nimbus, stratus);
      seconds += run.spacing;
    }
    this.height = last + 1;
    this.#book(run, first, last, blocksByMask);
  }

  #notePayment(row: number, tier: number, seconds: number): void {
    const { rows } = this.operators.nodes;
    rows.earned[row]! += this.#run.shares[tier]!;
    rows.payments[row]!++;
    const turn = rows.turnSeconds[row]!;
    if (turn >= 0) {
      this.waits[tier]!.add(seconds - turn);
      this.payees?.noteWait(tier, seconds - turn);
    }
    // A node that this block expires or spends is paid all the same, but its turns are over.
    if (turn !== GONE) rows.turnSeconds[row] = seconds;
  }

  #book(run: RewardRun, first: number, last: number, blocksByMask: Uint32Array): void {
    this.ledger.book(run, first, last - first + 1, blocksByMask, this.chain.supply);
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

/** Names that nothing but the seed decides: no two operators share one, and runs of one seed have the same. */
const hashedName =
  (seed: string): CollateralName =>
  ({ row, serial }) => ({ txid: sha256(utf8ToBytes(`${seed}/collateral/${row}/${serial}`)), index: 0 });
