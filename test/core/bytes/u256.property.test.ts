import {
  addU256,
  bitLengthU256,
  COMPACT_NEGATIVE,
  COMPACT_OVERFLOW,
  compareU256,
  decodeCompact,
  divU256,
  encodeCompact,
  incrementU256,
  isZeroU256,
  mulU256,
  notU256,
  quotientU256,
  setU256Bytes,
  type U256,
  u256,
  u256FromHex,
  u256Hex,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBits, encodeBits, toBigint } from "../../support/bigintDifficulty.ts";

const WRAP = 2n ** 256n;

const toLimbs = (value: bigint): U256 => u256FromHex((value % WRAP).toString(16).padStart(64, "0"));

/** Of every length, and with runs of zeros and ones in them, which is where carries and guesses go wrong. */
const anyLimbs: fc.Arbitrary<bigint> = fc
  .array(fc.oneof(fc.constantFrom(0n, 1n, 0x7fffn, 0x8000n, 0xfffen, 0xffffn), fc.bigInt(0n, 0xffffn)), {
    maxLength: 16,
  })
  .map((digits) => digits.reduce((value, digit) => value * 0x10000n + digit, 0n));
const small = fc.oneof(fc.integer({ min: 1, max: 0xffff_ffff }), fc.constantFrom(1, 2 ** 32, 2 ** 37 - 1));
const anyBits = fc.oneof(
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.tuple(fc.integer({ min: 0, max: 36 }), fc.nat(0xff_ffff)).map(([size, rest]) => size * 2 ** 24 + rest),
  fc
    .tuple(
      fc.integer({ min: 0, max: 36 }),
      fc.constantFrom(0, 1, 0xff, 0x100, 0xffff, 0x10000, 0x80_0000, 0x80_0001, 0xff_ffff),
    )
    .map(([size, rest]) => size * 2 ** 24 + rest),
);

const RUNS = { numRuns: 2_000 };

test("limbs read and write as hex and as bytes", () => {
  fc.assert(
    fc.property(anyLimbs, (a) => {
      const hex = a.toString(16).padStart(64, "0");
      expect(toBigint(toLimbs(a))).toBe(a);
      expect(u256Hex(toLimbs(a))).toBe(hex);
      expect(toBigint(setU256Bytes(u256(), Buffer.from(hex, "hex").reverse()))).toBe(a);
    }),
  );
});

test("sums, products, quotients and comparisons are those of whole numbers modulo 2^256", () => {
  fc.assert(
    fc.property(anyLimbs, anyLimbs, small, (a, b, n) => {
      const [x, y, out] = [toLimbs(a), toLimbs(b), u256()];
      expect(toBigint(addU256(out, x, y))).toBe((a + b) % WRAP);
      expect(toBigint(incrementU256(out, x))).toBe((a + 1n) % WRAP);
      expect(toBigint(notU256(out, x))).toBe(WRAP - 1n - a);
      expect(toBigint(mulU256(out, x, n))).toBe((a * BigInt(n)) % WRAP);
      expect(toBigint(divU256(out, x, n))).toBe(a / BigInt(n));
      if (b !== 0n) expect(toBigint(quotientU256(out, x, y))).toBe(a / b);
      expect(Math.sign(compareU256(x, y))).toBe(a < b ? -1 : a > b ? 1 : 0);
      expect(isZeroU256(x)).toBe(a === 0n);
      expect(bitLengthU256(x)).toBe(a === 0n ? 0 : a.toString(2).length);
      expect([toBigint(x), toBigint(y)]).toEqual([a, b]); // operands stay as they were
    }),
    RUNS,
  );
});

test("a result may take the place of an operand", () => {
  fc.assert(
    fc.property(anyLimbs, anyLimbs, small, (a, b, n) => {
      const inPlace = (work: (x: U256, y: U256) => U256) => toBigint(work(toLimbs(a), toLimbs(b)));
      expect(inPlace((x, y) => addU256(y, x, y))).toBe((a + b) % WRAP);
      expect(inPlace((x) => addU256(x, x, x))).toBe((a + a) % WRAP);
      expect(inPlace((x) => mulU256(x, x, n))).toBe((a * BigInt(n)) % WRAP);
      expect(inPlace((x) => divU256(x, x, n))).toBe(a / BigInt(n));
      if (b === 0n) return;
      expect(inPlace((x, y) => quotientU256(x, x, y))).toBe(a / b);
      expect(inPlace((x, y) => quotientU256(y, x, y))).toBe(a / b);
      expect(inPlace((_, y) => quotientU256(y, y, y))).toBe(1n);
    }),
    RUNS,
  );
});

test("quotients are right where the guess of a digit is not", () => {
  // The first two digits of these divisors say too little, so that one digit's guess is too large and is taken back.
  const cases = [
    ["7fff800000000000", "800000000001"],
    ["7fff0003800080000003", "7fff0003ffff"],
    ["80008000000300020002", "200020002"],
    ["ffff00017fffffffffff", "ffff0001fffe"],
  ] as const;
  for (const [a, b] of cases) {
    const [x, y] = [BigInt(`0x${a}`), BigInt(`0x${b}`)];
    expect(toBigint(quotientU256(u256(), toLimbs(x), toLimbs(y)))).toBe(x / y);
  }
  expect(() => quotientU256(u256(), toLimbs(1n), u256())).toThrow("divided by zero");
});

test("compact targets are decoded and encoded as the formula has it, signs and overflows included", () => {
  fc.assert(
    fc.property(anyBits, anyLimbs, fc.boolean(), (bits, value, sign) => {
      const out = toLimbs(value);
      const flags = decodeCompact(out, bits);
      const expected = decodeBits(bits);
      expect(toBigint(out)).toBe(expected.target);
      expect((flags & COMPACT_NEGATIVE) !== 0).toBe(expected.negative);
      expect((flags & COMPACT_OVERFLOW) !== 0).toBe(expected.overflow);
      expect(encodeCompact(toLimbs(value), sign)).toBe(encodeBits(value, sign));
    }),
    RUNS,
  );
});

test("encoding loses digits and never adds any", () => {
  fc.assert(
    fc.property(anyLimbs, (value) => {
      const bits = encodeCompact(toLimbs(value));
      const out = u256();
      expect(decodeCompact(out, bits)).toBe(0);
      expect(toBigint(out)).toBeLessThanOrEqual(value);
      expect(encodeCompact(out)).toBe(bits);
    }),
    RUNS,
  );
});
