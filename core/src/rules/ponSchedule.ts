import type { Params } from "../params/params.ts";
import type { BlockHash } from "../primitives/ids.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import { checkProofOfNode, comparePonHashes, ponHash, slotNumber, slotStart } from "./pon.ts";

// Who may produce the next block, and when, as the reference minter works it out. None of this is consensus: all eligible
// nodes' blocks are valid, ranks only keep them apart. Source: fluxd src/pon/pon-minter.cpp PONMinter.

/** Seconds a producer waits for each place in its rank. */
export const SECONDS_PER_RANK = 4;
/** Seconds after the parent's time before which nobody mints. */
export const SECONDS_AFTER_PARENT = 5;

/** One node that may produce in a slot, with its rank. */
export interface ScheduledProducer {
  readonly collateral: Outpoint;
  /** What it drew, 32 bytes in wire order. */
  readonly ponHash: Uint8Array;
  /** From 1, by {@link comparePonHashes}. */
  readonly rank: number;
  /** Unix second at which the reference minter makes the block; undefined if the slot is over by then, so from rank 8 on. */
  readonly mintTime: number | undefined;
}

/** A slot and all who may produce in it. */
export interface ScheduledSlot {
  readonly slot: number;
  /** Unix seconds of its first second. */
  readonly start: number;
  /** By rank; nobody in many slots. */
  readonly producers: readonly ScheduledProducer[];
}

/** The block to be produced: what its parent and the nodes confirmed after that decide. */
export interface ProductionRound {
  readonly parentHash: BlockHash;
  readonly parentTime: number;
  /** Height of the new block, and the nBits it must have (`nextBits`). */
  readonly height: number;
  readonly bits: number;
  /** Collaterals of all confirmed nodes, in any order. */
  readonly confirmed: readonly Outpoint[];
}

/** Producers of the `count` slots from `firstSlot` on, as long as no block comes; each new block draws the lots anew. */
export const ponSchedule = (
  round: ProductionRound,
  firstSlot: number,
  count: number,
  params: Params,
): ScheduledSlot[] => Array.from({ length: count }, (_, i) => scheduledSlot(round, firstSlot + i, params));

function scheduledSlot(round: ProductionRound, slot: number, params: Params): ScheduledSlot {
  const draws = round.confirmed
    .map((collateral) => ({ collateral, ponHash: ponHash(collateral, round.parentHash, slot) }))
    .filter((draw) => checkProofOfNode(draw.ponHash, round.bits, round.height, params))
    .sort((a, b) => comparePonHashes(a.ponHash, b.ponHash));
  const start = slotStart(slot, params);
  const earliest = Math.max(start, round.parentTime + SECONDS_AFTER_PARENT);
  const producers = draws.map((draw, i) => {
    const time = earliest + SECONDS_PER_RANK * (i + 1);
    return { ...draw, rank: i + 1, mintTime: slotNumber(time, params) === slot ? time : undefined };
  });
  return { slot, start, producers };
}
