import { formatFlux, parseFlux } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";

test("amounts print with eight places and read back", () => {
  expect(formatFlux(281_250_000n)).toBe("2.81250000");
  expect(formatFlux(-1n)).toBe("-0.00000001");
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 19n }), (amount) => {
      expect(parseFlux(formatFlux(amount))).toBe(amount);
    }),
  );
});

test.each(["", "1.", ".5", "1.123456789", "-1", "1e3", "0x10", " 1"])("%j is not an amount", (text) => {
  expect(parseFlux(text)).toBeUndefined();
});
