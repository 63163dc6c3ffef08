import { type BrokenInvariant, chainTerms } from "@fluxlab/core";
import type { RunDigest } from "../kernel/digest.ts";
import type { FusionPlan } from "../world/fusionPlan.ts";
import { FusionPool, SWAP } from "../world/fusionPool.ts";
import type { PoolChain } from "../world/poolChain.ts";

/** Swaps that the relayer pays from its float, as the run's scenario has them. Amounts are satoshi, times seconds since the start. */
export interface FusionRecord {
  /** Chains that swaps go from or to, in the ledger's order. */
  readonly chains: readonly FusionChainRecord[];
  readonly flows: readonly FusionFlowRecord[];
  /** Operations asked of the ledger; after each of them the invariants were checked. */
  readonly operations: number;
  /** Invariants that did not hold after one of them. */
  readonly broken: readonly BrokenInvariant["invariant"][];
  /** Most that circulated on all chains together, and the cap. */
  readonly mostCirculating: bigint;
  readonly circulationCap: bigint;
}

/** One chain as a target of swaps. */
export interface FusionChainRecord {
  readonly symbol: string;
  readonly float: bigint;
  /** Between blocks. */
  readonly blockSeconds: number;
  /** Until a lock on this chain is confirmed, and until it may be cancelled. */
  readonly confirmSeconds: number;
  readonly cancelSeconds: number;
  /** At the run's sample times. */
  readonly atHand: BigUint64Array;
  readonly waiting: Uint32Array;
  readonly waitingAmount: BigUint64Array;
  /** Coins on the chain, those its swap pool has, and the part of them that is locked and not yet unlocked elsewhere, at those times. */
  readonly circulating: BigUint64Array;
  readonly swapLocked: BigUint64Array;
  readonly inFlight: BigUint64Array;
  /** Least at hand. */
  readonly lowest: bigint;
  /** When the first swap to it had to wait for the float; undefined: never. */
  readonly firstDrySeconds: number | undefined;
  /** In all, while swaps waited for the float. */
  readonly drySeconds: number;
  readonly paid: number;
  readonly paidAmount: bigint;
  /** Swaps that could not be paid when they first might have been; how long they waited together, and the longest. */
  readonly waited: number;
  readonly waitSeconds: number;
  readonly longestWaitSeconds: number;
  readonly cancelled: number;
  readonly cancelledAmount: bigint;
  /** How many were delivered, and the first of them. */
  readonly refillCount: number;
  readonly refills: RefillColumns;
}

export interface RefillColumns {
  readonly orderedSeconds: Float64Array;
  readonly deliveredSeconds: Float64Array;
  readonly amount: BigUint64Array;
}

export interface FusionFlowRecord {
  readonly source: string;
  readonly target: string;
  readonly asked: number;
  readonly askedAmount: bigint;
  /** Swaps that their owners had no coins for on the source. */
  readonly refused: number;
  readonly paid: number;
  readonly cancelled: number;
  /** Locked, and neither paid nor cancelled when the run ended. */
  readonly open: number;
  /** Locked on the source by the run's sample times, and of that what was unlocked on the target, and given back on the source. */
  readonly lockedAmount: BigUint64Array;
  readonly unlockedAmount: BigUint64Array;
  readonly returnedAmount: BigUint64Array;
}

/** More refills of a chain than this are counted, not listed. */
const REFILLS_KEPT = 1_000;

/** Plays the plan, looks at it at `seconds` (rising), and tells the digest what happened. */
export function fusionRecord(plan: FusionPlan, seconds: Float64Array, digest: RunDigest): FusionRecord {
  const pool = new FusionPool(plan, digest);
  const used = new Set(plan.flows.flatMap(({ source, target }) => [source, target]));
  const chains = pool.chains.filter(({ chain }) => used.has(chain.id));
  const columns = chains.map(() => ({
    atHand: new BigUint64Array(seconds.length),
    waiting: new Uint32Array(seconds.length),
    waitingAmount: new BigUint64Array(seconds.length),
    circulating: new BigUint64Array(seconds.length),
    swapLocked: new BigUint64Array(seconds.length),
    inFlight: new BigUint64Array(seconds.length),
  }));
  const flowColumns = plan.flows.map(() => ({
    lockedAmount: new BigUint64Array(seconds.length),
    unlockedAmount: new BigUint64Array(seconds.length),
    returnedAmount: new BigUint64Array(seconds.length),
  }));
  seconds.forEach((at, sample) => {
    pool.advanceTo(at * 1_000);
    chains.forEach(({ atHand, waiting, waitingAmount, chain }, i) => {
      const { circulating, swapLocked, inFlight } = chainTerms(pool.ledger, chain.id);
      columns[i]!.atHand[sample] = atHand;
      columns[i]!.waiting[sample] = waiting;
      columns[i]!.waitingAmount[sample] = waitingAmount;
      columns[i]!.circulating[sample] = circulating;
      columns[i]!.swapLocked[sample] = swapLocked;
      columns[i]!.inFlight[sample] = inFlight;
    });
    pool.flowSums.forEach(({ locked, unlocked, returned }, i) => {
      flowColumns[i]!.lockedAmount[sample] = locked;
      flowColumns[i]!.unlockedAmount[sample] = unlocked;
      flowColumns[i]!.returnedAmount[sample] = returned;
    });
  });
  return {
    chains: chains.map((chain, i) => ({ ...chainRecord(pool, chain), ...columns[i]! })),
    flows: plan.flows.map((_, flow) => ({ ...flowRecord(pool, flow), ...flowColumns[flow]! })),
    operations: pool.operations,
    broken: [...pool.broken],
    mostCirculating: pool.mostCirculating,
    circulationCap: plan.assets.circulationCap,
  };
}

function chainRecord(pool: FusionPool, { chain, float, lowest, ...of }: PoolChain) {
  const { lengthMs } = pool.plan;
  const { blockIntervalMs, confirmations, cancelAfterBlocks } = chain;
  const dryNow = of.drySinceMs === undefined ? 0 : lengthMs - of.drySinceMs;
  return {
    symbol: chain.symbol,
    float,
    blockSeconds: blockIntervalMs / 1_000,
    confirmSeconds: ((confirmations - 1) * blockIntervalMs) / 1_000,
    cancelSeconds: (cancelAfterBlocks * blockIntervalMs) / 1_000,
    lowest,
    firstDrySeconds: of.firstDryMs === undefined ? undefined : of.firstDryMs / 1_000,
    drySeconds: (of.dryMs + dryNow) / 1_000,
    ...swapsTo(pool, chain.id),
    refillCount: of.refills.length,
    refills: refillColumns(of.refills.slice(0, REFILLS_KEPT)),
  };
}

const refillColumns = (refills: PoolChain["refills"]): RefillColumns => ({
  orderedSeconds: Float64Array.from(refills, ({ orderedMs }) => orderedMs / 1_000),
  deliveredSeconds: Float64Array.from(refills, ({ deliveredMs }) => deliveredMs / 1_000),
  amount: BigUint64Array.from(refills, ({ amount }) => amount),
});

/** What became of the swaps to a chain. */
function swapsTo(pool: FusionPool, target: number) {
  const { swaps, state, arrivedMs, doneMs, plan } = pool;
  let [paid, cancelled, waited, waitMs, longestMs] = [0, 0, 0, 0, 0];
  let [paidAmount, cancelledAmount] = [0n, 0n];
  for (let swap = 0; swap < state.length; swap++) {
    if (pool.flowOf(swap).target !== target) continue;
    if (state[swap] === SWAP.paid) {
      paid++;
      paidAmount += swaps.amount[swap]!;
    } else if (state[swap] === SWAP.cancelled) {
      cancelled++;
      cancelledAmount += swaps.amount[swap]!;
    }
    const until = Number.isNaN(doneMs[swap]!) ? plan.lengthMs : doneMs[swap]!;
    const wait = until - arrivedMs[swap]!; // NaN for a swap that did not get so far
    if (!(wait > 0)) continue;
    waited++;
    waitMs += wait;
    longestMs = Math.max(longestMs, wait);
  }
  return {
    paid,
    paidAmount,
    cancelled,
    cancelledAmount,
    waited,
    waitSeconds: waitMs / 1_000,
    longestWaitSeconds: longestMs / 1_000,
  };
}

function flowRecord(pool: FusionPool, flow: number) {
  const counts = new Uint32Array(Object.keys(SWAP).length);
  let [asked, askedAmount] = [0, 0n];
  for (let swap = 0; swap < pool.state.length; swap++) {
    if (pool.swaps.flow[swap] !== flow) continue;
    asked++;
    askedAmount += pool.swaps.amount[swap]!;
    counts[pool.state[swap]!]!++;
  }
  const { source, target } = pool.plan.flows[flow]!;
  return {
    source: pool.chains[source]!.chain.symbol,
    target: pool.chains[target]!.chain.symbol,
    asked,
    askedAmount,
    refused: counts[SWAP.refused]!,
    paid: counts[SWAP.paid]!,
    cancelled: counts[SWAP.cancelled]!,
    open: counts[SWAP.locked]! + counts[SWAP.waiting]!,
  };
}
