import type { BridgeReorgRow, RunRecord } from "@fluxlab/sim";

/** The bridge of a run that has one. */
export type Bridge = NonNullable<RunRecord["bridge"]>;

/** The pairs by their confirmations, in the record's order. */
export const bridgeCells = ({
  confirmations,
  depths,
  pairs,
}: Bridge): [number, readonly BridgeReorgRow[]][] =>
  confirmations.map((n, i) => [n, pairs.slice(i * depths.length, (i + 1) * depths.length)]);

/** The fewest of the confirmations tried that nothing tried broke; undefined if there are none. */
export const holdingFrom = (bridge: Bridge): number | undefined =>
  bridgeCells(bridge).find(([, pairs]) => pairs.every(({ shortfall }) => shortfall === 0n))?.[0];

/** Invariants of the asset ledger (protocol description 05 section 5) in a reader's words. */
export const INVARIANT_NAME: Readonly<Record<BridgeReorgRow["broken"][number], string>> = {
  chainConservation: "1, a chain's terms",
  circulationCap: "2, circulation cap",
  swapConservation: "2, swaps conserve coins",
  nonNegative: "3, no negative term",
  countedOnce: "4, everything counted once",
};
