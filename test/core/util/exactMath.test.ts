import { exp, ln } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";

test("ln is within four units in the last place of the host's", () => {
  fc.assert(
    fc.property(fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }), (x) => {
      expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(
        4 * Number.EPSILON * Math.max(Math.abs(Math.log(x)), 1),
      );
    }),
  );
});

test("ln gives these very bits, on every engine", () => {
  expect([1, 2, 10, 0.5, 1e-10, 2 ** -32].map(ln)).toEqual([
    0, 0.6931471805599453, 2.3025850929940455, -0.6931471805599453, -23.025850929940454, -22.18070977791825,
  ]);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("ln(%d) is our bug", (x) => {
  expect(() => ln(x)).toThrow("expected a positive finite number");
});

test("exp is within four units in the last place of the host's", () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(4 * Number.EPSILON);
    }),
  );
});

test("exp gives these very bits, on every engine, and ends where doubles end", () => {
  expect([0, 1, -1, 0.5, 700].map(exp)).toEqual([
    1, 2.7182818284590455, 0.36787944117144233, 1.6487212707001282, 1.0142320547350045e304,
  ]);
  expect([710, Number.POSITIVE_INFINITY].map(exp)).toEqual([
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
  expect([-746, Number.NEGATIVE_INFINITY].map(exp)).toEqual([0, 0]);
  expect(() => exp(Number.NaN)).toThrow("expected a number");
});
