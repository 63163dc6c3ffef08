import { divU256, isZeroU256, mulU256, u256 } from "../../bytes/u256.ts";
import type { Params } from "../../params/params.ts";
import type { HeaderHistory } from "../headerHistory.ts";
import { bitsWithin, decodeTarget, targetLimits } from "../proofTarget.ts";

/** Reused by the function below, which is done with it when it returns. */
const next = u256();

/**
 * nBits of the proof-of-node block that follows `history`: the last target, scaled by how long the last window took, within
 * 4/5 and 5/4. The first window's blocks use the start limit. Source: fluxd src/pon/pon.cpp GetNextPONWorkRequired.
 */
export function ponNextBits(history: HeaderHistory, params: Params): number {
  const { targetSpacing, difficultyWindow } = params.pon;
  const { pon: limit, ponStart } = targetLimits(params);
  const last = history.height;
  if (last < 0) return ponStart.bits;
  const activation = params.upgrades.pon.height;
  if (last + 1 < activation) return history.bits(last);
  const first = last - (difficultyWindow - 1);
  if (first < activation || first < 0) return ponStart.bits; // raw: regtest's activation is -1

  const aimed = (difficultyWindow - 1) * targetSpacing;
  const shortest = Math.floor((aimed * 4) / 5);
  const longest = Math.floor((aimed * 5) / 4);
  const actual = Math.max(shortest, Math.min(longest, history.time(last) - history.time(first)));

  if (!decodeTarget(next, history.bits(last))) return limit.bits;
  divU256(next, next, aimed); // first, so that the product stays below 2^256
  mulU256(next, next, actual);
  return isZeroU256(next) ? limit.bits : bitsWithin(limit, next);
}
