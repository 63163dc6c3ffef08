import { compactExponent, compactMantissa } from "../../bytes/compactTarget.ts";
import { divU256, type U256 } from "../../bytes/u256.ts";
import type { Params } from "../../params/params.ts";
import { perParams } from "../../params/perParams.ts";
import { assert } from "../../util/assert.ts";
import type { HeaderHistory } from "../headerHistory.ts";

// What LWMA and LWMA3 share.

/** Weighted solve time of a window in which every block takes the target spacing: T * (1 + 2 + ... + N). */
export function lwmaWeight({ pow }: Params): number {
  const { lwmaWindow: window, targetSpacing } = pow;
  return ((window * (window + 1)) / 2) * targetSpacing;
}

/** A mantissa times a remainder of the divisor stays below 2^53, where doubles are exact. */
const DIVISOR_LIMIT = 0x4000_0000; // 2^30

/** Powers of 256 within 256 bits. */
const POWERS = 32;
const LIMB = 0x1_0000_0000;

/** What a share is a target divided by, and the remainders of the powers of 256 by that. */
const divisorOf = perParams((params) => {
  const divisor = lwmaWeight(params) * params.pow.lwmaWindow;
  assert(
    divisor < DIVISOR_LIMIT,
    "LWMA's window and spacing are no larger than a network file may make them",
  );
  const powers = new Float64Array(POWERS);
  for (let i = 0, power = 1 % divisor; i < POWERS; i++, power = (power * 256) % divisor) powers[i] = power;
  return { divisor, powers };
});

/** Sums of limbs, without carries: of less than 2^21 targets each stays below 2^53. Reused by the function below. */
const sums = new Float64Array(9);

/**
 * Sets `out` to the average target of the last N blocks over {@link lwmaWeight}: times the weighted solve time it is the next
 * target. fluxd rounds down each block's share, target / divisor, for itself. That is the sum of the targets less what each
 * leaves over, divided once; and what a compact target leaves over follows from its mantissa.
 */
export function sumOfTargetShares(out: U256, history: HeaderHistory, params: Params): void {
  const { divisor, powers } = divisorOf(params);
  let leftOver = 0;
  sums.fill(0);
  for (let height = history.height - params.pow.lwmaWindow + 1; height <= history.height; height++) {
    const bits = history.bits(height);
    const exponent = compactExponent(bits);
    if (exponent >= POWERS) continue; // a multiple of 2^256
    const beyond = 8 * Math.max(0, exponent - (POWERS - 3)); // bits of a mantissa of 24 that are above 2^256
    const mantissa = compactMantissa(bits) & (0xff_ffff >>> beyond);
    const scaled = mantissa * (1 << (8 * (exponent & 3)));
    const carry = Math.floor(scaled / LIMB);
    const limb = exponent >>> 2;
    sums[limb]! += scaled - carry * LIMB;
    sums[limb + 1]! += carry;
    const product = mantissa * powers[exponent]!;
    leftOver += product - Math.floor(product / divisor) * divisor;
  }

  let carry = -leftOver;
  for (let limb = 0; limb < out.length; limb++) {
    const sum = sums[limb]! + carry;
    carry = Math.floor(sum / LIMB);
    out[limb] = sum - carry * LIMB;
  }
  divU256(out, out, divisor, sums[out.length]! + carry);
}
