import { bitLengthU256, type U256 } from "./u256.ts";

// Targets in 32 bits (nBits): a byte that counts bytes, then a sign bit and a mantissa of 23 bits.
// Source: fluxd src/arith_uint256.cpp SetCompact, GetCompact.

const SIGN = 0x0080_0000;
const MANTISSA = 0x007f_ffff;

/** What {@link decodeCompact} says of a value besides its number: the two below, or 0. Rules refuse both. */
export type CompactFlags = number;
/** The value is below zero. */
export const COMPACT_NEGATIVE: CompactFlags = 1;
/** The value is 2^256 or more. */
export const COMPACT_OVERFLOW: CompactFlags = 2;

/** The value of `bits`, before its sign, is this times 256 to the power of {@link compactExponent}; below 2^23. */
export function compactMantissa(bits: number): number {
  const size = bits >>> 24;
  return size < 3 ? (bits & MANTISSA) >>> (8 * (3 - size)) : bits & MANTISSA;
}

/** Power of 256 that {@link compactMantissa} is multiplied with: 0 to 252. */
export const compactExponent = (bits: number): number => Math.max(0, (bits >>> 24) - 3);

/** Sets `out` to the value of `bits` modulo 2^256, without its sign. Returns whether it is negative, too large, or both. */
export function decodeCompact(out: U256, bits: number): CompactFlags {
  for (let limb = 0; limb < out.length; limb++) out[limb] = 0;
  const mantissa = compactMantissa(bits);
  if (mantissa === 0) return 0;
  const exponent = compactExponent(bits);
  const limb = exponent >>> 2;
  const shift = 8 * (exponent & 3);
  if (limb < out.length) out[limb] = mantissa << shift;
  if (limb + 1 < out.length && shift > 0) out[limb + 1] = mantissa >>> (32 - shift);
  const overflow =
    exponent > 31 || (mantissa > 0xff && exponent > 30) || (mantissa > 0xffff && exponent > 29);
  return ((bits & SIGN) !== 0 ? COMPACT_NEGATIVE : 0) | (overflow ? COMPACT_OVERFLOW : 0);
}

/** The 24 bits of `a` above bit `shift`; below bit 0 they are zero. */
function bitsFrom(a: U256, shift: number): number {
  if (shift < 0) return (a[0]! << -shift) & 0xff_ffff;
  const limb = shift >>> 5;
  const within = shift & 31;
  const low = a[limb]! >>> within;
  const high = within > 8 && limb + 1 < a.length ? a[limb + 1]! << (32 - within) : 0;
  return (low | high) & 0xff_ffff;
}

/** `target` in compact form, u32; digits beyond the mantissa are lost, so what it decodes to is never larger. */
export function encodeCompact(target: U256, negative = false): number {
  let size = (bitLengthU256(target) + 7) >>> 3;
  let mantissa = bitsFrom(target, 8 * (size - 3));
  if ((mantissa & SIGN) !== 0) {
    mantissa >>>= 8;
    size++;
  }
  const sign = negative && mantissa !== 0 ? SIGN : 0;
  return ((size << 24) | sign | mantissa) >>> 0;
}
