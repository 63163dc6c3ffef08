import type { Outpoint } from "../../primitives/outpoint.ts";
import { compareOutpoints } from "../../primitives/outpoint.ts";

/** What decides a confirmed node's place in its tier's payment queue. */
export interface QueuePosition {
  readonly outpoint: Outpoint;
  /** Height of the INITIAL confirm. */
  readonly confirmedHeight: number;
  /** Height of the latest payment, 0 = never paid. */
  readonly lastPaidHeight: number;
}

/**
 * Height and never-paid-first flag of a place in the queue as one number, smaller is paid sooner. Uses either the last
 * payment or the confirmation, never both; at one height a never-paid node precedes a paid one. Exact to 2^52.
 * Source: fluxd src/fluxnode/fluxnode.h FluxnodeListData operator<.
 */
export const queueRank = (confirmedHeight: number, lastPaidHeight: number): number =>
  lastPaidHeight > 0 ? lastPaidHeight * 2 + 1 : confirmedHeight * 2;

/**
 * Negative if `a` is paid before `b`. A total order: outpoints are unique, compared by the bytes of the txid on the wire
 * (not by the displayed, reversed hex) and then by index.
 * Source: fluxd src/fluxnode/fluxnode.h FluxnodeListData operator<, src/primitives/transaction.h COutPoint operator<.
 */
export function compareQueuePositions(a: QueuePosition, b: QueuePosition): number {
  const byRank =
    queueRank(a.confirmedHeight, a.lastPaidHeight) - queueRank(b.confirmedHeight, b.lastPaidHeight);
  return byRank !== 0 ? byRank : compareOutpoints(a.outpoint, b.outpoint);
}
