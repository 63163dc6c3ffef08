import type { AssetParams, ChainId } from "@fluxlab/core";
import type { Ratio } from "./economyPlan.ts";

// Spec 05 §7, second question: which chain's swap pool runs dry first under a flow of swaps, and how long is the refill? By the
// whitepaper's table a pool as such can hardly run dry; what does is the part of it that is at hand, the float.

/** How much a swap of a flow moves, in terms of the flow's mean: just that; 1 to 199 hundredths of it; or a few large ones. */
export const SWAP_SIZES = ["equal", "uniform", "heavy"] as const;
export type SwapSizes = (typeof SWAP_SIZES)[number];

/** Swaps from one chain to another, at random moments. */
export interface FusionFlow {
  readonly source: ChainId;
  readonly target: ChainId;
  readonly swapsPerDay: number;
  /** Of a swap, satoshi. */
  readonly meanAmount: bigint;
  readonly sizes: SwapSizes;
  /** While it lasts, so many times as many swaps. */
  readonly surge: { readonly fromMs: number; readonly lengthMs: number; readonly times: number } | undefined;
}

export interface FusionPlan {
  readonly assets: AssetParams;
  readonly seed: string;
  /** Length of the play. */
  readonly lengthMs: number;
  readonly flows: readonly FusionFlow[];
  /** Satoshi at hand at the start, after a refill, and at most, by chain id. */
  readonly floats: readonly bigint[];
  /** Of the float: a refill is ordered when less than this is at hand. */
  readonly refillBelow: Ratio;
  /** From the order until the coins are there. */
  readonly refillMs: number;
}
