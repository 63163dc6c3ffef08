import { assert } from "../util/assert.ts";
import { displayHash, toDisplayHex } from "./hex.ts";

// Targets and chain work. Retargeting and header checks run for every header of a chain, so numbers are typed limbs that the
// caller owns and nothing here allocates; `out` may be one of the operands. All arithmetic is modulo 2^256, as in
// fluxd src/arith_uint256.h.

declare const unsigned: unique symbol;

/** An unsigned 256-bit number: eight limbs of 32 bits, least significant first. */
export type U256 = Uint32Array & { readonly [unsigned]: "u256" };

const LIMBS = 8;

/**
 * Factors and divisors given as numbers stay below it: then a 16-bit digit times one, and a remainder followed by a digit,
 * are below 2^53, where a double is exact.
 */
const SMALL_LIMIT = 0x20_0000_0000; // 2^37

/** Zero, in memory of its own. */
export const u256 = (): U256 => new Uint32Array(LIMBS) as U256;

/** The number a hash is compared with targets as: its 32 bytes, in wire order, are little-endian. */
export function setU256Bytes(out: U256, bytes: Uint8Array): U256 {
  for (let limb = 0, at = 0; limb < LIMBS; limb++, at += 4) {
    out[limb] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }
  return out;
}

/** From 64 hex digits of our own, most significant first. */
export const u256FromHex = (hex: string): U256 => setU256Bytes(u256(), displayHash(hex));

/** 64 hex digits, most significant first. */
export function u256Hex(a: U256): string {
  const bytes = new Uint8Array(LIMBS * 4);
  for (let i = 0; i < bytes.length; i++) bytes[i] = a[i >>> 2]! >>> (8 * (i & 3));
  return toDisplayHex(bytes);
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareU256(a: U256, b: U256): number {
  for (let limb = LIMBS - 1; limb >= 0; limb--) {
    const difference = a[limb]! - b[limb]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `a` is 0. */
export function isZeroU256(a: U256): boolean {
  for (let limb = 0; limb < LIMBS; limb++) if (a[limb] !== 0) return false;
  return true;
}

/** Bits up to the highest that is set; 0 of zero. */
export function bitLengthU256(a: U256): number {
  for (let limb = LIMBS - 1; limb >= 0; limb--) {
    if (a[limb] !== 0) return 32 * (limb + 1) - Math.clz32(a[limb]!);
  }
  return 0;
}

/** out = 2^256 - 1 - a. */
export function notU256(out: U256, a: U256): U256 {
  for (let limb = 0; limb < LIMBS; limb++) out[limb] = ~a[limb]!;
  return out;
}

/** out = a + b. */
export function addU256(out: U256, a: U256, b: U256): U256 {
  let carry = 0;
  for (let limb = 0; limb < LIMBS; limb++) {
    const sum = a[limb]! + b[limb]! + carry;
    out[limb] = sum;
    carry = sum > 0xffff_ffff ? 1 : 0;
  }
  return out;
}

/** out = a + 1. */
export function incrementU256(out: U256, a: U256): U256 {
  let carry = 1;
  for (let limb = 0; limb < LIMBS; limb++) {
    const sum = a[limb]! + carry;
    out[limb] = sum;
    carry = sum > 0xffff_ffff ? 1 : 0;
  }
  return out;
}

/** out = a * factor, a whole number of at most 37 bits. */
export function mulU256(out: U256, a: U256, factor: number): U256 {
  assert(factor >= 0 && factor < SMALL_LIMIT, `a factor has at most 37 bits, ${factor} has not`);
  let carry = 0;
  for (let limb = 0; limb < LIMBS; limb++) {
    const digits = a[limb]!;
    const low = (digits & 0xffff) * factor + carry;
    const high = (digits >>> 16) * factor + Math.floor(low / 0x1_0000);
    out[limb] = (high << 16) | (low & 0xffff);
    carry = Math.floor(high / 0x1_0000);
  }
  return out;
}

/**
 * out = (above * 2^256 + a) / divisor, rounded down; the divisor is a whole number of at most 37 bits, and `above` is below
 * it. The quotients of doubles are below 2^16 and therefore off by less than 2^-38, never enough to reach the next whole
 * number.
 */
export function divU256(out: U256, a: U256, divisor: number, above = 0): U256 {
  assert(divisor > 0 && divisor < SMALL_LIMIT, `a divisor has 1 to 37 bits, ${divisor} has not`);
  assert(above < divisor, "the quotient fits 256 bits");
  let remainder = above;
  for (let limb = LIMBS - 1; limb >= 0; limb--) {
    const digits = a[limb]!;
    if (remainder === 0 && digits < divisor) {
      // Targets begin with zeros and compact ones end with them.
      out[limb] = 0;
      remainder = digits;
      continue;
    }
    const upper = remainder * 0x1_0000 + (digits >>> 16);
    const high = Math.floor(upper / divisor);
    const lower = (upper - high * divisor) * 0x1_0000 + (digits & 0xffff);
    const low = Math.floor(lower / divisor);
    remainder = lower - low * divisor;
    out[limb] = high * 0x1_0000 + low;
  }
  return out;
}
