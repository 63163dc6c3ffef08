import { type FluxnodeRecord, nextUpdateHeight, type Params } from "@fluxlab/core";

// Fifteen thousand nodes update their confirmation every couple of hours, and a payment never depends on it while they
// do. So updates are not played one by one: these two functions say where a run of them stands.

/** Blocks fluxd needs after an update becomes valid: it notices at a tip, the transaction is mined one block later. */
const NOTICE_BLOCKS = 1;

/**
 * fluxd looks for work every 1 to 6 blocks, drawn anew each time; an operator here draws once and keeps to it, which moves
 * updates by a few blocks and payments not at all. Source: fluxd src/fluxnode/activefluxnode.cpp
 * ManageDeterministricFluxnode.
 */
export const LOOK_BLOCKS = 6;

/**
 * First block with an UPDATE of a node confirmed in `lastConfirmed` that is online from block `onlineSince` on and is
 * `delay` (0 .. LOOK_BLOCKS - 1) blocks slower than it need be.
 */
const updateHeight = (params: Params, lastConfirmed: number, onlineSince: number, delay: number): number =>
  nextUpdateHeight(params, lastConfirmed, NOTICE_BLOCKS + delay, onlineSince);

/** Whether a confirmed node has gone without an UPDATE, before block `height`, for longer than one that is online does. */
export const isOverdue = (params: Params, { lastConfirmedHeight }: FluxnodeRecord, height: number): boolean =>
  updateHeight(params, lastConfirmedHeight, 0, LOOK_BLOCKS - 1) < height;

/** Where a run of updates stands. */
export interface Updates {
  /** Height of the latest confirm. */
  readonly lastConfirmed: number;
  /** UPDATE transactions since the start. */
  readonly count: number;
}

/**
 * The latest confirm at block `height` (inclusive) of a node confirmed in `lastConfirmed` and online since `onlineSince`.
 * The distance between updates changes only where an upgrade changes it, so whole stretches are taken by division.
 */
export function updatesUntil(
  params: Params,
  lastConfirmed: number,
  onlineSince: number,
  delay: number,
  height: number,
): Updates {
  let latest = lastConfirmed;
  let count = 0;
  let next = updateHeight(params, latest, onlineSince, delay);
  while (next <= height) {
    const period = next - latest;
    latest = next;
    count++;
    next = updateHeight(params, latest, onlineSince, delay);
    // A period that repeats goes on as long as its last update is due by the same rules: skip that stretch.
    if (next - latest !== period) continue;
    const change = nextDistanceChange(params, latest);
    const skipped = Math.floor((Math.min(height, change - 1) - latest) / period);
    if (skipped > 0) {
      latest += skipped * period;
      count += skipped;
      next = updateHeight(params, latest, onlineSince, delay);
    }
  }
  return { lastConfirmed: latest, count };
}

/** First height above `height` at which an upgrade may change the distance between updates; Infinity if none is left. */
function nextDistanceChange(params: Params, height: number): number {
  const { halving, pon } = params.upgrades;
  const changes = [halving.height, pon.height].filter((change) => change > height);
  return Math.min(Number.POSITIVE_INFINITY, ...changes);
}
