import { assert } from "../util/assert.ts";
import { bitLengthU256, compareU256, divU256, type U256 } from "./u256.ts";

// Long division by Knuth, The Art of Computer Programming, volume 2, section 4.3.1, algorithm D, in digits of 16 bits: the
// product of two fits a double with room to spare. Reused by the function below, which is done with it when it returns.

const BASE = 0x1_0000;

/** The dividend, then what remains of it; one digit more than a U256 has. */
const remainder = new Uint16Array(17);
const divisor = new Uint16Array(16);

const digit = (a: U256, at: number): number => (at & 1 ? a[at >>> 1]! >>> 16 : a[at >>> 1]! & 0xffff);
const digitCount = (a: U256): number => (bitLengthU256(a) + 15) >>> 4;

/** Writes the digits of a * 2^shift, shift below 16, and returns the bits that did not fit. */
function loadShifted(digits: Uint16Array, a: U256, count: number, shift: number): number {
  let carry = 0;
  for (let i = 0; i < count; i++) {
    const shifted = (digit(a, i) << shift) | carry;
    digits[i] = shifted;
    carry = shifted >>> 16;
  }
  return carry;
}

/** remainder -= factor * divisor * BASE^at, modulo BASE^(at + length + 1); whether that went below zero. */
function subtractAt(at: number, length: number, factor: number): boolean {
  let borrow = 0;
  for (let i = 0; i < length; i++) {
    const product = factor * divisor[i]! + borrow;
    const difference = remainder[at + i]! - (product & 0xffff);
    remainder[at + i] = difference;
    borrow = (product >>> 16) + (difference < 0 ? 1 : 0);
  }
  const difference = remainder[at + length]! - borrow;
  remainder[at + length] = difference;
  return difference < 0;
}

/** remainder += divisor * BASE^at, modulo BASE^(at + length + 1). */
function addBackAt(at: number, length: number): void {
  let carry = 0;
  for (let i = 0; i < length; i++) {
    const sum = remainder[at + i]! + divisor[i]! + carry;
    remainder[at + i] = sum;
    carry = sum >>> 16;
  }
  remainder[at + length]! += carry;
}

/** out = a / b, rounded down; `b` is not zero. `out` may be one of them. */
export function quotientU256(out: U256, a: U256, b: U256): U256 {
  const length = digitCount(b);
  assert(length > 0, "nothing is divided by zero");
  if (length <= 2) return divU256(out, a, b[0]!);
  if (compareU256(a, b) < 0) return out.fill(0) as U256;

  const count = digitCount(a);
  const shift = Math.clz32(digit(b, length - 1)) - 16; // so that the divisor's first digit has its top bit set
  loadShifted(divisor, b, length, shift);
  remainder[count] = loadShifted(remainder, a, count, shift);
  const first = divisor[length - 1]!;
  const second = divisor[length - 2]!;

  out.fill(0);
  for (let at = count - length; at >= 0; at--) {
    const leading = remainder[at + length]! * BASE + remainder[at + length - 1]!;
    const next = remainder[at + length - 2]!;
    // From the first two digits of the divisor the guess is right or, once in some 2^15 cases, one too large.
    let guess = Math.min(Math.floor(leading / first), BASE - 1);
    while (guess * second > (leading - guess * first) * BASE + next) guess--;
    if (subtractAt(at, length, guess)) {
      guess--;
      addBackAt(at, length);
    }
    out[at >>> 1]! |= guess << (16 * (at & 1));
  }
  return out;
}
