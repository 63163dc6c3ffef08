import {
  blockHash,
  compareOutpoints,
  maxAhead,
  medianTimePast,
  nextBits,
  ponHeightReached,
  ponSchedule,
  SECONDS_AFTER_PARENT,
  slotNumber,
} from "@fluxlab/core";
import type { CheckedNetwork, WitnessedBlock } from "./checker.ts";
import type { FluxnodeBooks } from "./fluxnodeBook.ts";

/** A quiet time: microseconds since when nothing goes wrong any more, and now. */
export interface Quiet {
  readonly since: number;
  readonly now: number;
}

/** Seconds that whatever was on its way takes to come. */
const PATIENCE = 300;

/** Whether a node should have added a block to its tip while all was quiet, whoever else should. */
export const owesBlock = (
  tip: WitnessedBlock,
  node: number,
  quiet: Quiet,
  network: CheckedNetwork,
  books: FluxnodeBooks,
): boolean =>
  ponHeightReached(network.rulesOf(node).upgrades, tip.height + 1)
    ? missedSlot(tip, node, quiet, network, books)
    : network.mines(node) && mayMine(tip, node, network);

/** Whether its clock lets a miner take the earliest block that may follow its tip: one later than the median of those before. */
const mayMine = (tip: WitnessedBlock, node: number, network: CheckedNetwork): boolean =>
  medianTimePast(headersTo(tip)) <
  network.adjustedTime(node) + maxAhead("pow", tip.height, network.rulesOf(node)) - PATIENCE;

/**
 * Whether one of a node's FluxNodes drew a slot that has come and gone by its clock, and was not too far down its rank: there would be
 * a block. While nobody draws one there is none, however long that takes. Nor is there one in the slots that its clock had shown
 * before it was set back: a minter looks at no slot up to the last that it looked at, until it starts again (fluxd
 * src/pon/pon-minter.cpp PONMinter, `currentSlot <= lastAttemptedSlot`).
 */
function missedSlot(
  tip: WitnessedBlock,
  node: number,
  { since, now }: Quiet,
  network: CheckedNetwork,
  books: FluxnodeBooks,
): boolean {
  const own = network.fluxnodesOf(node);
  const confirmed = [...books.after(tip).values()]
    .filter(({ status }) => status === "confirmed")
    .map(({ outpoint }) => outpoint);
  const params = network.rulesOf(node);
  const headers = headersTo(tip);
  const clock = network.clock(node);
  const round = {
    parentHash: blockHash(tip.block.header),
    parentTime: tip.block.header.time,
    height: tip.height + 1,
    bits: nextBits(headers, undefined, params),
    confirmed,
  };
  const earliest = clock - Math.floor((now - since) / 1_000_000) + PATIENCE;
  const unseen = Math.max(earliest, round.parentTime + SECONDS_AFTER_PARENT, network.clockSetBackFrom(node));
  const first = slotNumber(unseen, params) + 1;
  // The node takes its own block only if its clock, mended by its peers', is not too far behind the one that it mints by.
  if (own.length === 0 || clock - network.adjustedTime(node) > PATIENCE) return false;
  return ponSchedule(round, first, Math.max(slotNumber(clock, params) - first, 0), params).some(
    ({ producers }) =>
      producers.some(
        ({ collateral, mintTime }) =>
          mintTime !== undefined && own.some((each) => compareOutpoints(each, collateral) === 0),
      ),
  );
}

const headersTo = (tip: WitnessedBlock) => ({
  height: tip.height,
  time: (height: number): number => ancestor(tip, height).block.header.time,
  bits: (height: number): number => ancestor(tip, height).block.header.bits,
});

function ancestor(block: WitnessedBlock, height: number): WitnessedBlock {
  let at = block;
  while (at.height > height) at = at.parent!;
  return at;
}
