import { assert } from "./assert.ts";

// Math.log and its kin may differ in the last bit between engines (ECMA-262 leaves them implementation-approximated);
// + - * / and sqrt may not (IEEE 754). What the core needs beyond those is built from them here.

const LN2 = 0.6931471805599453;
const SQRT2 = 1.4142135623730951;

/**
 * Natural logarithm of a positive finite number, the same bits on every engine; within a few ulp of the true value.
 * Scales x = m * 2^e with m in [sqrt(1/2), sqrt(2)), then ln m = 2 atanh((m - 1) / (m + 1)) by its series.
 */
export function ln(x: number): number {
  assert(x > 0 && x < Number.POSITIVE_INFINITY, `ln(${x}): expected a positive finite number`);
  let mantissa = x;
  let exponent = 0;
  while (mantissa >= SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  while (mantissa < SQRT2 / 2) {
    mantissa *= 2;
    exponent--;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  const zz = z * z;
  // |z| < 0.172, so the twelfth term is below 2^-53 of the sum.
  let sum = 0;
  for (let k = 23; k >= 1; k -= 2) sum = sum * zz + 1 / k;
  return exponent * LN2 + 2 * z * sum;
}
