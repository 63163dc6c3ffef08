import { decodeCompact } from "../bytes/compactTarget.ts";
import { addU256, divU256, mulU256, u256 } from "../bytes/u256.ts";
import type { Params } from "../params/params.ts";
import { ponHeightReached } from "../params/upgrades.ts";
import { digishieldNextBits } from "./difficulty/digishield.ts";
import { lwmaNextBits } from "./difficulty/lwma.ts";
import { lwma3NextBits } from "./difficulty/lwma3.ts";
import { ponNextBits } from "./difficulty/ponRetarget.ts";
import type { HeaderHistory } from "./headerHistory.ts";
import { medianTimePast } from "./medianTime.ts";
import { bitsWithin, targetLimits } from "./proofTarget.ts";

// Which retarget rules a block. Heights are compared raw: on regtest, where upgrades are at -1, the later branch of each
// comparison holds at every height.

/** Blocks at the limit after the change to Equihash (144,5). Source: fluxd src/pow.cpp GetNextWorkRequired. */
const RESET_BLOCKS = 61;
/** Blocks after the change to Equihash (125,4) whose LWMA3 target is made easier, and by how many steps the first one is. */
const RAMP_BLOCKS = 64;
const RAMP_STEPS = 61;
/** A step is the target over this. */
const RAMP_STEP_DIVISOR = 32;

/** Reused by the functions below, which are done with them when they return. */
const target = u256();
const step = u256();

/** Height of the parent from which a new Equihash is the only one accepted. */
const fadedFrom = (activation: number, { pow }: Params): number => activation + pow.equihashFadeLength - 1;

/**
 * nBits required of the block that follows `history`. `time` is that block's own time, undefined where it is not known: only
 * test networks look at it. Source: fluxd src/pon/pon-fork.cpp GetNextWorkRequiredByFork.
 */
export function nextBits(history: HeaderHistory, time: number | undefined, params: Params): number {
  if (history.height < 0) return targetLimits(params).pow.bits;
  return ponHeightReached(params.upgrades, history.height + 1)
    ? ponNextBits(history, params)
    : powNextBits(history, time, params);
}

/** {@link nextBits} of a proof-of-work block, at any height. Source: fluxd src/pow.cpp GetNextWorkRequired. */
export function powNextBits(history: HeaderHistory, time: number | undefined, params: Params): number {
  const { upgrades } = params;
  const parent = history.height;
  const limit = targetLimits(params).pow.bits;
  if (parent < 0) return limit;

  const reset = parent - fadedFrom(upgrades.equihash144.height, params);
  if (reset >= 0 && reset < RESET_BLOCKS) return limit;
  const ramp = parent - fadedFrom(upgrades.kamiooka.height, params);
  if (ramp >= 0 && ramp < RAMP_BLOCKS) return rampedBits(history, ramp, params);
  if (mayUseLimit(history, time, params)) return limit;

  if (parent < params.pow.digishieldWindow) return limit; // LWMA too
  if (parent + 1 < upgrades.lwma.height) return digishieldBits(history, params);
  return parent + 1 < upgrades.acadia.height ? lwmaNextBits(history, params) : lwma3NextBits(history, params);
}

/**
 * LWMA3's target, eased for miners who change their software. fluxd counts the steps down in 32 unsigned bits, so the last
 * two blocks (372573 and 372574 on main) have 2^32 - 1 and 2^32 - 2, and products that may exceed 2^256.
 */
function rampedBits(history: HeaderHistory, offset: number, params: Params): number {
  const steps = (RAMP_STEPS - offset) >>> 0;
  decodeCompact(target, lwma3NextBits(history, params));
  divU256(step, target, RAMP_STEP_DIVISOR);
  mulU256(step, step, steps);
  addU256(target, target, step);
  return bitsWithin(targetLimits(params).pow, target);
}

/** On test networks a block more than two spacings after its parent may be mined at the limit. */
function mayUseLimit(history: HeaderHistory, time: number | undefined, { pow }: Params): boolean {
  const { minDifficultyAfterHeight: from, targetSpacing } = pow;
  if (from === undefined || history.height < from || time === undefined) return false;
  return time > history.time(history.height) + 2 * targetSpacing;
}

/** Digishield over the window that ends with the parent, and the median times at its end and before its start. */
function digishieldBits(history: HeaderHistory, params: Params): number {
  const beforeWindow = history.height - params.pow.digishieldWindow;
  target.fill(0);
  for (let height = beforeWindow + 1; height <= history.height; height++) {
    decodeCompact(step, history.bits(height));
    addU256(target, target, step); // modulo 2^256, which test's limit times 17 exceeds
  }
  divU256(target, target, params.pow.digishieldWindow);
  return digishieldNextBits(target, medianTimePast(history), medianTimePast(history, beforeWindow), params);
}
