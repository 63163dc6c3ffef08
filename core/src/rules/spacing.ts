import type { Params } from "../params/params.ts";
import { ponHeightReached } from "../params/upgrades.ts";

/** Aimed distance in seconds between block `height` and its parent. Source: fluxd src/consensus/params.h. */
export const targetSpacing = (params: Params, height: number): number =>
  ponHeightReached(params.upgrades, height) ? params.pon.targetSpacing : params.pow.targetSpacing;

/**
 * Seconds from block `from` to block `to` (`to` >= `from`) if every block comes at its target spacing.
 */
export function secondsBetween(params: Params, from: number, to: number): number {
  const firstPon = Math.max(params.upgrades.pon.height, 0);
  const ponBlocks = Math.max(0, to - Math.max(from, firstPon - 1));
  const powBlocks = to - from - ponBlocks;
  return powBlocks * params.pow.targetSpacing + ponBlocks * params.pon.targetSpacing;
}

/** First block at least `seconds` after block `from` if every block comes at its target spacing. */
export function heightAfter(params: Params, from: number, seconds: number): number {
  const powSpacing = params.pow.targetSpacing;
  const lastPow = Math.max(params.upgrades.pon.height, 0) - 1;
  const powBlocksLeft = Math.max(0, lastPow - from);
  const powBlocks = Math.ceil(seconds / powSpacing);
  if (powBlocks <= powBlocksLeft) return from + powBlocks;
  const ponSeconds = seconds - powBlocksLeft * powSpacing;
  return from + powBlocksLeft + Math.ceil(ponSeconds / params.pon.targetSpacing);
}
