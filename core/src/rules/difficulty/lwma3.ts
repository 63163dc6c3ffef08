import { decodeCompact } from "../../bytes/compactTarget.ts";
import { compareU256, divU256, mulU256, type U256, u256 } from "../../bytes/u256.ts";
import type { Params } from "../../params/params.ts";
import type { HeaderHistory } from "../headerHistory.ts";
import { bitsWithin, targetLimits } from "../proofTarget.ts";
import { sumOfTargetShares } from "./lwmaSum.ts";

/** Target spacings beyond which a block counts as no later. */
const MAX_SPACINGS = 6;
/** Percent of the last block's target between which the next one stays. */
const MIN_PERCENT = 67;
const MAX_PERCENT = 150;

/** Reused by the functions below, which are done with them when they return. */
const next = u256();
const last = u256();
const bound = u256();

/** bound = last * percent / 100; the product modulo 2^256, which targets of 250 bits and more exceed. */
function percentOfLast(percent: number): U256 {
  mulU256(bound, last, percent);
  return divU256(bound, bound, 100);
}

/**
 * LWMA in which times that go back count as one second and the target moves by at most a factor of 1.5 each way.
 * Source: fluxd src/pow.cpp Lwma3CalculateNextWorkRequired.
 */
export function lwma3NextBits(history: HeaderHistory, params: Params): number {
  const { lwmaWindow: window, targetSpacing } = params.pow;
  const limit = targetLimits(params).pow;
  const first = history.height - window;
  if (first < 0) return limit.bits;

  let weighted = 0;
  let previous = history.time(first);
  for (let j = 1; j <= window; j++) {
    const time = Math.max(history.time(first + j), previous + 1);
    weighted += Math.min(MAX_SPACINGS * targetSpacing, time - previous) * j;
    previous = time;
  }

  sumOfTargetShares(next, history, params);
  mulU256(next, next, weighted);
  decodeCompact(last, history.bits(history.height));
  if (compareU256(next, percentOfLast(MAX_PERCENT)) > 0) next.set(bound);
  if (compareU256(next, percentOfLast(MIN_PERCENT)) < 0) next.set(bound);
  return bitsWithin(limit, next);
}
