import { assert } from "./assert.ts";

// Math.log and its kin may differ in the last bit between engines (ECMA-262 leaves them implementation-approximated);
// + - * / and sqrt may not (IEEE 754). What the core needs beyond those is built from them here.

const LN2 = 0.6931471805599453;
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
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

/**
 * e to the power x, the same bits on every engine; within a few ulp of the true value. 0 and Infinity where a double ends.
 * Takes whole multiples of ln 2 out of x, leaves |r| <= ln 2 / 2 for the series, and puts them back as powers of two.
 */
export function exp(x: number): number {
  assert(!Number.isNaN(x), "exp(NaN): expected a number");
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  let twos = Math.round(x / LN2);
  // ln 2 in two parts, the first with few enough bits that its multiples are exact.
  const r = x - twos * LN2_HIGH - twos * LN2_LOW;
  let sum = 1;
  for (let k = 14; k >= 1; k--) sum = 1 + (sum * r) / k;
  for (; twos > 0; twos--) sum *= 2;
  for (; twos < 0; twos++) sum /= 2;
  return sum;
}
