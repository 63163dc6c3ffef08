import {
  confirmExpiryBlocks,
  fluxnodesActive,
  nextUpdateHeight,
  type Params,
  type Random,
  TIERS,
} from "@fluxlab/core";
import { LOOK_BLOCKS } from "./confirmations.ts";
import { BEFORE_RUN, type OperatorRows } from "./operatorRows.ts";

/** First height at which a node can be in the state before the block as confirmed: START, then confirm, then this. */
export const firstEstablishedHeight = (params: Params): number => params.upgrades.kamata.height + 2;

/** Where the chain has an established node: heights of its records, as in core's {@link FluxnodeRecord}. */
export interface EstablishedNode {
  readonly row: number;
  readonly confirmedHeight: number;
  readonly lastConfirmedHeight: number;
  readonly lastPaidHeight: number;
}

/**
 * Adds `count` operators whose nodes are confirmed before block `firstHeight`, in a network that has been turning for a while:
 * one of the tier was paid in each of the last `count` blocks, in random order, and their latest confirms lie anywhere within
 * one update period. Where payments had not begun yet, nodes have waited since their confirmation instead.
 */
export function establishTier(
  params: Params,
  firstHeight: number,
  tier: number,
  count: number,
  rows: OperatorRows,
  random: Random,
): EstablishedNode[] {
  const turns = Uint32Array.from({ length: count }, (_, i) => i);
  random.shuffle(turns);
  const firstConfirm = firstEstablishedHeight(params) - 1;
  return Array.from(turns, (turn) => {
    const row = rows.add(tier);
    const turnHeight = firstHeight - count + turn;
    const paid = turnHeight >= params.fluxnodes.paymentStartHeight;
    rows.joinedHeight[row] = firstHeight;
    rows.updateDelay[row] = random.below(LOOK_BLOCKS);
    const confirmedHeight = Math.max(firstConfirm, paid ? turnHeight - count : turnHeight);
    const lastConfirmedHeight = latestConfirm(params, firstHeight, confirmedHeight, random);
    rows.onlineSince[row] = firstHeight;
    rows.turnSeconds[row] = BEFORE_RUN;
    rows.oldCollateral[row] = holdsOldCollateral(params, firstHeight, tier, random) ? 1 : 0;
    return { row, confirmedHeight, lastConfirmedHeight, lastPaidHeight: paid ? turnHeight : 0 };
  });
}

/** A confirm within the last update period, and never one that block `firstHeight` would already expire. */
function latestConfirm(params: Params, firstHeight: number, confirmed: number, random: Random): number {
  const before = firstHeight - 1;
  const distance = nextUpdateHeight(params, before, 0, before) - before;
  const period = Math.min(distance, confirmExpiryBlocks(params, before), before - confirmed + 1);
  return before - random.below(period);
}

/** Before a tier's window everybody does, after it nobody; inside, as many as have not migrated by then. */
function holdsOldCollateral(params: Params, firstHeight: number, tier: number, random: Random): boolean {
  const { begin, end } = params.fluxnodes.transitions[TIERS[tier]!];
  if (!fluxnodesActive(params, firstHeight) || firstHeight >= end) return false;
  return firstHeight < begin || random.below(end - begin) >= firstHeight - begin;
}
