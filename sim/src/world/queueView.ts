import { NO_ROW, type PerTier, perTier, TIERS, type Tier } from "@fluxlab/core";
import type { Economy } from "./economy.ts";

// What somebody who looks at a run while it is played may ask of its payment queues. Asking changes nothing.

/** A node in a payment queue. */
export interface QueuedNode {
  /** Number of the operator: its row in the record's node table. */
  readonly node: number;
  /** Of its latest payment; 0: none yet; undefined: before what the run keeps. */
  readonly lastPaidHeight: number | undefined;
}

/** The front of a tier's queue; the first is paid in the next block. */
export interface QueueFront {
  readonly length: number;
  readonly next: readonly QueuedNode[];
}

/** The queues after block `height`. */
export interface QueueSnapshot {
  readonly height: number;
  /** Since the first block of the run. */
  readonly seconds: number;
  /** Seconds between the next blocks. */
  readonly spacing: number;
  readonly tiers: PerTier<QueueFront>;
}

/** One operator's node after a block: the latest, or of a moment before. */
export interface NodeView {
  readonly node: number;
  readonly tier: Tier;
  /** On the chain; undefined: in none of its lists, or of a moment before the latest. */
  readonly status: "started" | "dos" | "confirmed" | undefined;
  /** The operator has gone for good. */
  readonly left: boolean;
  readonly joinedHeight: number;
  /** Payments to be made to its tier before its own, 0: it is next; undefined if it does not queue. */
  readonly ahead: number | undefined;
  /** In the run. */
  readonly payments: number;
  readonly earned: bigint;
  /** Heights at which it was paid, of blocks from `paidSince` on; undefined if the run keeps none. */
  readonly paidAt: readonly number[] | undefined;
  readonly paidSince: number | undefined;
}

/** The queues with at most `most` nodes from the front of each. */
export function queueSnapshot(economy: Economy, most: number): QueueSnapshot {
  const { nodes } = economy.operators;
  const height = economy.height - 1;
  return {
    height,
    seconds: economy.secondsAt(height),
    spacing: economy.secondsAt(height + 1) - economy.secondsAt(height),
    tiers: perTier((tier) => ({
      length: nodes.chain.nodes.queueLength(TIERS.indexOf(tier)),
      next: nodes.queueFront(tier, most).map((node) => {
        const { lastPaidHeight } = nodes.record(node)!;
        return { node, lastPaidHeight };
      }),
    })),
  };
}

/** What there is to know of operator `node`; undefined if the run has none of that number. */
export function nodeView(economy: Economy, node: number): NodeView | undefined {
  const { nodes } = economy.operators;
  const { rows } = nodes;
  if (!Number.isInteger(node) || node < 0 || node >= rows.length) return undefined;
  const tierIndex = rows.tier[node]!;
  const tier = TIERS[tierIndex]!;
  const ahead = nodes.queueFront(tier, Number.POSITIVE_INFINITY).indexOf(node);
  return {
    node,
    tier,
    status: nodes.record(node)?.status,
    left: rows.left[node] === 1,
    joinedHeight: rows.joinedHeight[node]!,
    ahead: ahead === NO_ROW ? undefined : ahead,
    payments: rows.payments[node]!,
    earned: rows.earned[node]!,
    paidAt: economy.payees?.paymentsTo(node, tierIndex),
    paidSince: economy.payees?.firstHeight,
  };
}
