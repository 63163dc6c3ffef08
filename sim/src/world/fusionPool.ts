import {
  type AssetLedger,
  type AssetOperation,
  type AssetRejection,
  assert,
  BlockDraft,
  type BrokenInvariant,
  brokenInvariants,
  brokenSums,
  type ChainId,
  chainTerms,
  settle,
  totalCirculating,
} from "@fluxlab/core";
import type { RunDigest } from "../kernel/digest.ts";
import { EventQueue } from "../kernel/eventQueue.ts";
import { type AskedSwaps, askedSwaps } from "./fusionFlow.ts";
import type { FusionFlow, FusionPlan } from "./fusionPlan.ts";
import { HOLDER, heldLedger } from "./heldLedger.ts";
import { PoolChain } from "./poolChain.ts";

// Swaps on the asset ledger, paid by a relayer that has only a part of each chain's swap supply at hand. Only blocks that hold
// something, or in which a lock gets its last confirmation, are told to the ledger: it lets the others be left out.

/** What happens in a block of a chain, in this order. */
const REFILL = 0;
const LOCK = 1;
const CONFIRM = 2;
const ARRIVE = 3;
const PAY = 4;
const CANCEL = 5;
/** An event's kind is its chain times this plus one of the above, so that what one block holds stands together. */
const KINDS = 6;

/** Where a swap is. Refused: its owner has not got the coins. */
export const SWAP = { asked: 0, locked: 1, waiting: 2, paid: 3, cancelled: 4, refused: 5 } as const;

/** Digest rows; those of the bridge and the economy are below. */
const FUSION_ROW = 0xf000_0000;

/** Satoshi that swaps of one flow locked so far, and of those what was unlocked on the target and what was given back. */
export interface FlowSums {
  locked: bigint;
  unlocked: bigint;
  returned: bigint;
}

/** Plays a {@link FusionPlan}. Times are whole milliseconds since the start, of blocks of the chain that is meant. */
export class FusionPool {
  readonly plan: FusionPlan;
  readonly swaps: AskedSwaps;
  /** One of {@link SWAP}, by swap. */
  readonly state: Uint8Array;
  /** The first block in which the relayer could have paid the swap; NaN before. */
  readonly arrivedMs: Float64Array;
  /** When it was paid or cancelled; NaN before. */
  readonly doneMs: Float64Array;
  /** By chain id. */
  readonly chains: readonly PoolChain[];
  /** In the order of the plan's flows. */
  readonly flowSums: readonly FlowSums[];
  /** Operations that the ledger was asked for. */
  operations = 0;
  /** Most that circulated on all chains together, satoshi. */
  mostCirculating: bigint;
  /** Invariants that did not hold after some operation. */
  readonly broken = new Set<BrokenInvariant["invariant"]>();
  #ledger: AssetLedger;
  #draft: BlockDraft | undefined = undefined;
  readonly #digest: RunDigest;
  readonly #events = new EventQueue();
  /** Heights at which the play begins. */
  readonly #tips: readonly number[];

  constructor(plan: FusionPlan, digest: RunDigest) {
    this.plan = plan;
    this.#digest = digest;
    this.swaps = askedSwaps(plan);
    const { length } = this.swaps.ms;
    this.state = new Uint8Array(length);
    this.arrivedMs = new Float64Array(length).fill(Number.NaN);
    this.doneMs = new Float64Array(length).fill(Number.NaN);
    this.flowSums = plan.flows.map(() => ({ locked: 0n, unlocked: 0n, returned: 0n }));
    const used = new Set(plan.flows.flatMap(({ source, target }) => [source, target]));
    this.#ledger = heldLedger(plan.assets, [...used]);
    this.mostCirculating = totalCirculating(this.#ledger);
    this.#tips = this.#ledger.chains.map(({ tip }) => tip);
    this.chains = plan.assets.chains.map((chain) => new PoolChain(chain, plan.floats[chain.id]!));
    for (const { chain, float } of this.chains)
      assert(float <= this.payable(chain.id), `the float of ${chain.symbol} is a part of its swap supply`);
    for (let swap = 0; swap < length; swap++) {
      const { source } = this.flowOf(swap);
      this.#push(this.chains[source]!.blockAfter(this.swaps.ms[swap]!), source, LOCK, swap);
    }
  }

  /** The ledger after the blocks so far. */
  get ledger(): AssetLedger {
    return this.#draft?.ledger ?? this.#ledger;
  }

  flowOf(swap: number): FusionFlow {
    return this.plan.flows[this.swaps.flow[swap]!]!;
  }

  #sumsOf(swap: number): FlowSums {
    return this.flowSums[this.swaps.flow[swap]!]!;
  }

  /** What the ledger would let be paid out on a chain, at hand or in cold storage, satoshi. */
  payable(chain: ChainId): bigint {
    const { swapLocked, inFlight } = chainTerms(this.ledger, chain);
    return swapLocked - inFlight;
  }

  /** Plays the blocks up to and including those of `ms`, then counts every lock afresh. */
  advanceTo(ms: number): void {
    const events = this.#events;
    while (events.nextTime <= ms) {
      events.pop();
      this.#play(events.time, Math.floor(events.kind / KINDS), events.kind % KINDS, events.source);
    }
    this.#finishBlock();
    for (const { invariant } of brokenInvariants(this.#ledger)) this.broken.add(invariant);
  }

  #push(ms: number, chain: ChainId, what: number, subject: number): void {
    this.#events.push(ms, chain * KINDS + what, subject);
  }

  #play(ms: number, chain: ChainId, what: number, subject: number): void {
    this.#openBlock(ms, chain);
    switch (what) {
      case REFILL:
        return this.#refill(ms, this.chains[chain]!);
      case LOCK:
        return this.#lock(ms, subject);
      case CONFIRM: {
        const { target } = this.flowOf(subject);
        return this.#push(this.chains[target]!.blockAfter(ms), target, ARRIVE, subject);
      }
      case ARRIVE:
        return this.#arrive(ms, subject);
      case PAY:
        return this.#pay(ms, this.chains[chain]!);
      default:
        return this.#cancel(ms, subject);
    }
  }

  #openBlock(ms: number, chain: ChainId): void {
    const height = this.#tips[chain]! + ms / this.chains[chain]!.chain.blockIntervalMs;
    if (this.#draft?.chain === chain && this.#draft.height === height) return;
    this.#finishBlock();
    this.#draft = new BlockDraft(this.#ledger, chain, height);
  }

  /** Nothing is rolled back here, so the ledger need not remember how. */
  #finishBlock(): void {
    if (this.#draft === undefined) return;
    const { chain, height } = this.#draft;
    this.#ledger = settle(this.#draft.finish(), chain, height);
    this.#draft = undefined;
  }

  #lock(ms: number, swap: number): void {
    const { source, target } = this.flowOf(swap);
    const amount = this.swaps.amount[swap]!;
    const rejection = this.#apply(ms, swap, {
      type: "lock",
      id: idOf(swap),
      source,
      target,
      owner: HOLDER,
      amount,
    });
    if (rejection !== undefined) {
      assert(rejection.reason === "circulatingExhausted", `a lock is refused: ${rejection.reason}`);
      this.state[swap] = SWAP.refused;
      return;
    }
    this.state[swap] = SWAP.locked;
    this.#sumsOf(swap).locked += amount;
    const { blockIntervalMs, confirmations, cancelAfterBlocks } = this.plan.assets.chains[source]!;
    this.#push(ms + (confirmations - 1) * blockIntervalMs, source, CONFIRM, swap);
    this.#push(ms + cancelAfterBlocks * blockIntervalMs, source, CANCEL, swap);
  }

  #arrive(ms: number, swap: number): void {
    if (this.state[swap] !== SWAP.locked) return;
    const { target } = this.flowOf(swap);
    this.state[swap] = SWAP.waiting;
    this.arrivedMs[swap] = ms;
    this.chains[target]!.join(swap, this.swaps.amount[swap]!);
    this.#push(ms, target, PAY, 0);
  }

  /** In order of arrival, as far as the coins at hand reach; whoever comes later does not pass a larger swap. */
  #pay(ms: number, pool: PoolChain): void {
    for (; pool.head < pool.queue.length; pool.head++) {
      const swap = pool.queue[pool.head]!;
      if (this.state[swap] !== SWAP.waiting) continue;
      const amount = this.swaps.amount[swap]!;
      if (amount > pool.atHand) break;
      const { source } = this.flowOf(swap);
      pool.pay(amount);
      pool.leave(amount);
      this.#sumsOf(swap).unlocked += amount;
      this.#done(ms, swap, SWAP.paid, { type: "unlock", source, id: idOf(swap) });
      // The lock is no longer in flight: what it left on the source may be paid out there.
      const from = this.chains[source]!;
      from.receive(amount);
      if (from.waiting > 0) this.#wake(ms, from);
    }
    pool.noteDry(ms);
    this.#orderRefill(ms, pool);
  }

  /** The next block of another chain may pay what it could not; blocks of one moment come in the order of the chains. */
  #wake(ms: number, pool: PoolChain): void {
    const { id } = pool.chain;
    this.#push(pool.blockAfter(id > this.#draft!.chain ? ms - 1 : ms), id, PAY, 0);
  }

  #orderRefill(ms: number, pool: PoolChain): void {
    const { numerator, denominator } = this.plan.refillBelow;
    const low = pool.atHand * BigInt(denominator) < pool.float * BigInt(numerator);
    if (pool.orderedMs !== undefined || !(low || pool.waiting > 0)) return;
    pool.orderedMs = ms;
    this.#push(pool.blockAfter(ms + this.plan.refillMs), pool.chain.id, REFILL, 0);
  }

  /** Cold storage makes the float whole, as far as it can. */
  #refill(ms: number, pool: PoolChain): void {
    const missing = pool.float - pool.atHand;
    const cold = this.payable(pool.chain.id) - pool.atHand;
    const amount = missing < cold ? missing : cold;
    pool.receive(amount);
    pool.refills.push({ orderedMs: pool.orderedMs!, deliveredMs: ms, amount });
    pool.orderedMs = undefined;
    this.#digest.row(FUSION_ROW + 1, ms, pool.chain.id, pool.refills.length);
    this.#push(ms, pool.chain.id, PAY, 0);
  }

  #cancel(ms: number, swap: number): void {
    const state = this.state[swap];
    if (state !== SWAP.locked && state !== SWAP.waiting) return;
    const { source, target } = this.flowOf(swap);
    const pool = this.chains[target]!;
    if (state === SWAP.waiting) {
      pool.leave(this.swaps.amount[swap]!);
      pool.noteDry(ms);
      this.#wake(ms, pool);
    }
    this.#sumsOf(swap).returned += this.swaps.amount[swap]!;
    this.#done(ms, swap, SWAP.cancelled, { type: "cancel", source, id: idOf(swap) });
  }

  #done(ms: number, swap: number, state: number, operation: AssetOperation): void {
    this.state[swap] = state;
    this.doneMs[swap] = ms;
    const rejection = this.#apply(ms, swap, operation);
    assert(rejection === undefined, `the ledger refuses to ${operation.type}: ${rejection?.reason}`);
  }

  #apply(ms: number, swap: number, operation: AssetOperation): AssetRejection | undefined {
    const rejection = this.#draft!.apply(operation);
    this.operations++;
    this.#digest.row(
      FUSION_ROW,
      ms,
      swap,
      DIGEST_CODE[rejection === undefined ? operation.type : "refused"]!,
    );
    if (operation.type === "lock") this.#digest.amount(FUSION_ROW + 2, swap, operation.amount);
    this.#check();
    return rejection;
  }

  /** After every operation: spec 05 §5, and that what is at hand is a part of what the ledger would let be paid. */
  #check(): void {
    for (const { invariant } of brokenSums(this.ledger)) this.broken.add(invariant);
    const circulating = totalCirculating(this.ledger);
    if (circulating > this.mostCirculating) this.mostCirculating = circulating;
    for (const { chain, atHand } of this.chains)
      assert(atHand >= 0n && atHand <= this.payable(chain.id), `what ${chain.symbol} has at hand is there`);
  }
}

/** Lock ids are transaction ids: 64 hex digits. */
const idOf = (swap: number): string => swap.toString(16).padStart(64, "0");

const DIGEST_CODE: Readonly<Record<string, number>> = { lock: 1, unlock: 2, cancel: 3, refused: 4 };
