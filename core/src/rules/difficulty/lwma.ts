import { mulU256, u256 } from "../../bytes/u256.ts";
import type { Params } from "../../params/params.ts";
import type { HeaderHistory } from "../headerHistory.ts";
import { bitsWithin, targetLimits } from "../proofTarget.ts";
import { lwmaWeight, sumOfTargetShares } from "./lwmaSum.ts";

/** Seconds by which a block may precede its parent before the difference is cut. Source: fluxd src/pow.cpp FTL. */
const MAX_STEP_BACK = 360;
/** Target spacings beyond which a block counts as no later. */
const MAX_SPACINGS = 6;

/** Reused by the function below, which is done with it when it returns. */
const next = u256();

/**
 * Linearly weighted moving average: the newest of N solve times counts N times, the oldest once. fluxd stops unless the
 * parent is above height N, which the heights of its networks see to; one of one's own stays at the limit until then.
 * Source: fluxd src/pow.cpp LWMACalculateNextWorkRequired (after zawy12).
 */
export function lwmaNextBits(history: HeaderHistory, params: Params): number {
  const { lwmaWindow: window, targetSpacing } = params.pow;
  const limit = targetLimits(params).pow;
  const first = history.height - window;
  if (first <= 0) return limit.bits;

  let weighted = 0;
  let previous = history.time(first);
  for (let j = 1; j <= window; j++) {
    const time = history.time(first + j);
    weighted += Math.max(-MAX_STEP_BACK, Math.min(time - previous, MAX_SPACINGS * targetSpacing)) * j;
    previous = time;
  }
  weighted = Math.max(weighted, Math.floor(lwmaWeight(params) / 10));

  sumOfTargetShares(next, history, params);
  mulU256(next, next, weighted);
  return bitsWithin(limit, next);
}
