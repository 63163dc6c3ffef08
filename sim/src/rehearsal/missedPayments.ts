import { type PerTier, perTier } from "@fluxlab/core";
import type { ChainLedger } from "../witness/chainLedger.ts";

/** What an upgrade cost the FluxNodes of a tier, in payments. */
export interface MissedPayments {
  /** Turns since the activation that FluxNodes lost because they had left their queue by then. */
  readonly missed: number;
  /** FluxNodes that lost any. */
  readonly losers: readonly string[];
  /** Payments on chains that were given up, or that only nodes with old rules follow. */
  readonly onDeadChains: number;
}

/**
 * Compares who was paid with who would have been had every FluxNode stayed: the queue of the block before the activation, again and
 * again. `chain` needs the moment before the activation. `dead`: other chains, and the height up to which each is the same.
 */
export function missedPayments(
  chain: ChainLedger,
  activation: number,
  dead: readonly { readonly ledger: ChainLedger; readonly from: number }[],
): PerTier<MissedPayments> {
  const before = chain.moments.get(activation - 1);
  const after = chain.rows.filter(({ height }) => height >= activation);
  return perTier((tier) => {
    const queue = before?.queues[tier] ?? [];
    const balance = new Map<string, number>();
    after.forEach(({ payees }, turn) => {
      const [due, paid] = [queue[turn % Math.max(1, queue.length)], payees[tier]];
      if (due !== undefined) balance.set(due, (balance.get(due) ?? 0) - 1);
      if (paid !== undefined) balance.set(paid, (balance.get(paid) ?? 0) + 1);
    });
    const losers = [...balance].filter(([, left]) => left < 0);
    return {
      missed: losers.reduce((sum, [, left]) => sum - left, 0),
      losers: losers.map(([name]) => name),
      onDeadChains: dead.reduce(
        (sum, { ledger, from }) =>
          sum +
          ledger.rows.filter(({ height, payees }) => height > from && payees[tier] !== undefined).length,
        0,
      ),
    };
  });
}
