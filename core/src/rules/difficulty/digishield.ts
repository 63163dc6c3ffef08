import { divU256, mulU256, type U256, u256 } from "../../bytes/u256.ts";
import type { Params } from "../../params/params.ts";
import { bitsWithin, targetLimits } from "../proofTarget.ts";

/** Reused by the function below, which is done with it when it returns. */
const next = u256();

/**
 * Target from the average of the window's targets and the median times of the window's last block and of the block before
 * its first. A quarter of the deviation counts, within bounds.
 * Source: fluxd src/pow.cpp DigishieldCalculateNextWorkRequired.
 */
export function digishieldNextBits(
  average: U256,
  lastMedianTime: number,
  firstMedianTime: number,
  params: Params,
): number {
  const { targetSpacing, digishieldWindow, digishieldMaxAdjustUp, digishieldMaxAdjustDown } = params.pow;
  const aimed = digishieldWindow * targetSpacing;
  const damped = aimed + Math.trunc((lastMedianTime - firstMedianTime - aimed) / 4);
  const shortest = Math.floor((aimed * (100 - digishieldMaxAdjustUp)) / 100);
  const longest = Math.floor((aimed * (100 + digishieldMaxAdjustDown)) / 100);
  const actual = Math.max(shortest, Math.min(longest, damped));

  divU256(next, average, aimed); // first, so that the product stays below 2^256
  mulU256(next, next, actual);
  return bitsWithin(targetLimits(params).pow, next);
}
