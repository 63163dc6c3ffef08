import { type AssetChain, chainAllocation } from "@fluxlab/core";
import { type AskedSwaps, askedSwaps } from "../../sim/src/world/fusionFlow.ts";
import type { FusionPlan } from "../../sim/src/world/fusionPlan.ts";
import { heldOn } from "../../sim/src/world/heldLedger.ts";

// The obvious twin of sim/src/world/fusionPool.ts: every block of every chain, every swap looked at in every block, sums in
// place of a ledger, no events.

interface NaiveSwap {
  readonly asked: number;
  readonly source: number;
  readonly target: number;
  readonly amount: bigint;
  state: "asked" | "locked" | "waiting" | "paid" | "cancelled" | "refused";
  lockedMs: number;
  arrivedMs: number;
  doneMs: number;
}

interface NaiveChain extends AssetChain {
  readonly float: bigint;
  circulating: bigint;
  /** At hand and in cold storage. */
  pool: bigint;
  atHand: bigint;
  lowest: bigint;
  orderedMs: number | undefined;
  refills: [ordered: number, delivered: number, amount: bigint][];
  firstDryMs: number | undefined;
  dryMs: number;
}

export function naiveFusion(plan: FusionPlan): {
  readonly swaps: NaiveSwap[];
  readonly chains: NaiveChain[];
} {
  const used = new Set(plan.flows.flatMap(({ source, target }) => [source, target]));
  const swaps = swapsOf(plan, askedSwaps(plan));
  const chains = plan.assets.chains.map((chain): NaiveChain => {
    const float = plan.floats[chain.id]!;
    return {
      ...chain,
      float,
      circulating: chain.id === 0 || used.has(chain.id) ? heldOn(chain.id) : 0n,
      pool: chainAllocation(chain.id).swap,
      atHand: float,
      lowest: float,
      orderedMs: undefined,
      refills: [],
      firstDryMs: undefined,
      dryMs: 0,
    };
  });
  const waitingOn = (id: number) => swaps.filter(({ state, target }) => state === "waiting" && target === id);
  for (let ms = 1; ms <= plan.lengthMs; ms++) {
    for (const chain of chains) if (ms % chain.blockIntervalMs === 0) block(plan, chains, swaps, chain, ms);
    for (const chain of chains) if (ms < plan.lengthMs && waitingOn(chain.id).length > 0) chain.dryMs++;
  }
  return { swaps, chains };
}

const swapsOf = ({ flows }: FusionPlan, { ms, flow, amount }: AskedSwaps): NaiveSwap[] =>
  Array.from(ms, (asked, i) => {
    const { source, target } = flows[flow[i]!]!;
    const never = { lockedMs: Number.NaN, arrivedMs: Number.NaN, doneMs: Number.NaN };
    return { asked, source, target, amount: amount[i]!, state: "asked", ...never };
  });

function block(
  plan: FusionPlan,
  chains: NaiveChain[],
  swaps: NaiveSwap[],
  chain: NaiveChain,
  ms: number,
): void {
  if (chain.orderedMs !== undefined && ms > chain.orderedMs + plan.refillMs) {
    const missing = chain.float - chain.atHand;
    const cold = chain.pool - chain.atHand;
    const amount = missing < cold ? missing : cold;
    chain.refills.push([chain.orderedMs, ms, amount]);
    chain.atHand += amount;
    chain.orderedMs = undefined;
  }
  for (const swap of swaps) {
    if (swap.source !== chain.id || swap.state !== "asked" || swap.asked >= ms) continue;
    swap.state = swap.amount > chain.circulating ? "refused" : "locked";
    if (swap.state === "refused") continue;
    chain.circulating -= swap.amount;
    swap.lockedMs = ms;
  }
  for (const swap of swaps) {
    const { blockIntervalMs, confirmations } = chains[swap.source]!;
    const confirmedMs = swap.lockedMs + (confirmations - 1) * blockIntervalMs;
    if (swap.target !== chain.id || swap.state !== "locked" || !(confirmedMs < ms)) continue;
    swap.state = "waiting";
    swap.arrivedMs = ms;
  }
  const queue = swaps.filter(({ state, target }) => state === "waiting" && target === chain.id);
  queue.sort((a, b) => a.arrivedMs - b.arrivedMs || swaps.indexOf(a) - swaps.indexOf(b));
  const stuck = queue.find((swap) => !pay(chains, chain, swap, ms));
  if (stuck !== undefined) chain.firstDryMs ??= ms;
  const { numerator, denominator } = plan.refillBelow;
  const low = chain.atHand * BigInt(denominator) < chain.float * BigInt(numerator);
  if (low || stuck !== undefined) chain.orderedMs ??= ms;
  for (const swap of swaps) {
    const due = swap.lockedMs + chain.cancelAfterBlocks * chain.blockIntervalMs;
    if (swap.source !== chain.id || (swap.state !== "locked" && swap.state !== "waiting") || ms < due)
      continue;
    swap.state = "cancelled";
    swap.doneMs = ms;
    chain.circulating += swap.amount;
  }
}

/** Whether the coins at hand reach. */
function pay(chains: NaiveChain[], chain: NaiveChain, swap: NaiveSwap, ms: number): boolean {
  if (swap.amount > chain.atHand) return false;
  chain.atHand -= swap.amount;
  chain.pool -= swap.amount;
  chain.circulating += swap.amount;
  if (chain.atHand < chain.lowest) chain.lowest = chain.atHand;
  const source = chains[swap.source]!;
  source.pool += swap.amount;
  source.atHand += swap.amount;
  if (source.atHand > source.float) source.atHand = source.float;
  swap.state = "paid";
  swap.doneMs = ms;
  return true;
}
