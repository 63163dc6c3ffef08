import { NO_ROW, type PerTier, perTier, rewardRun, TIERS, type Tier } from "@fluxlab/core";
import type { Economy } from "./economy.ts";
import type { PayeeLog } from "./payeeLog.ts";
import { type NodeView, nodeView, type QueuedNode, type QueueSnapshot, queueSnapshot } from "./queueView.ts";
import type { Waits } from "./waitHistogram.ts";

// The payment queues after a block of the past, as they came to pass: whom the blocks after it paid, and behind them who still waits.
// Whoever left the queue before his turn is not in it. Nothing is played again, so any moment is there at once.

/**
 * The queues after block `height`, at most `most` nodes from the front of each; undefined of blocks whose payees the run does not keep.
 * @param lengths of the queues after that block
 */
export function pastQueues(
  economy: Economy,
  height: number,
  most: number,
  lengths: Readonly<Record<Tier, number>>,
): QueueSnapshot | undefined {
  const log = logOf(economy, height);
  if (log === undefined) return undefined;
  const newest = queueSnapshot(economy, most).tiers;
  return {
    height,
    seconds: economy.secondsAt(height),
    spacing: economy.secondsAt(height + 1) - economy.secondsAt(height),
    tiers: perTier((tier) => {
      const index = TIERS.indexOf(tier);
      const paid = paidAfter(log, height, index, most).map((node): QueuedNode => {
        const lastPaidHeight = log.lastPaymentTo(node, index, height);
        return { node, lastPaidHeight };
      });
      const known = new Set(paid.map(({ node }) => node));
      const waiting = newest[tier].next.filter(({ node }) => !known.has(node));
      return { length: lengths[tier], next: [...paid, ...waiting].slice(0, most) };
    }),
  };
}

/** Rows that the blocks after `height` paid, each once, in the order of their first payments. */
function paidAfter(log: PayeeLog, height: number, tier: number, most: number): number[] {
  const rows = new Set<number>();
  for (let at = height + 1; at <= log.lastHeight && rows.size < most; at++) {
    const row = log.payee(at, tier);
    if (row !== NO_ROW) rows.add(row);
  }
  return [...rows];
}

/** Each tier's waits that had ended by block `height`; undefined if it is not kept. */
export function pastWaits(economy: Economy, height: number): PerTier<Waits> | undefined {
  const log = logOf(economy, height);
  if (log === undefined) return undefined;
  return perTier((tier) => {
    const index = TIERS.indexOf(tier);
    return economy.waits[index]!.entries(log.waitsAfter(height, index));
  });
}

/** What there was to know of operator `node` after block `height`; undefined if there is no such operator, or the block is not kept. */
export function pastNode(economy: Economy, node: number, height: number): NodeView | undefined {
  const log = logOf(economy, height);
  const now = nodeView(economy, node);
  if (log === undefined || now?.paidAt === undefined) return undefined;
  const { joinedHeight, tier } = now;
  const index = TIERS.indexOf(tier);
  const later = now.paidAt.filter((at) => at > height);
  const paysBefore = (end: number) => {
    let count = 0;
    for (let at = height + 1; at < end; at++) if (log.payee(at, index) !== NO_ROW) count++;
    return count;
  };
  const [next] = later;
  const waits = now.ahead === undefined ? undefined : paysBefore(log.lastHeight + 1) + now.ahead;
  return {
    ...now,
    status: undefined,
    left: false,
    ahead: joinedHeight > height ? undefined : next === undefined ? waits : paysBefore(next),
    payments: now.payments - later.length,
    earned: now.earned - amountOf(economy, later, index),
    paidAt: now.paidAt.filter((at) => at <= height),
  };
}

/** What payments at these heights, in order, brought a node of the tier, satoshi. */
function amountOf(economy: Economy, heights: readonly number[], tier: number): bigint {
  const { params } = economy.plan;
  let run = rewardRun(params, heights[0] ?? 0);
  let sum = 0n;
  for (const height of heights) {
    if (height > run.last) run = rewardRun(params, height);
    sum += run.shares[tier]!;
  }
  return sum;
}

/** The log, if it has all blocks after `height`. */
function logOf({ payees }: Economy, height: number): PayeeLog | undefined {
  const first = payees?.firstHeight;
  return first !== undefined && height >= first - 1 && height <= payees!.lastHeight ? payees : undefined;
}
