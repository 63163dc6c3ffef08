import { formatFlux } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compact,
  dollars,
  duration,
  exactFlux,
  grouped,
  listed,
  percent,
  readableFlux,
  shortFlux,
  trimmedFlux,
} from "../../reports/src/format.ts";

test("exact amounts lose nothing", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (amount) => {
      expect(exactFlux(amount).replaceAll(",", "")).toBe(formatFlux(amount));
    }),
  );
  expect(exactFlux(39_223_669_997_000_000n)).toBe("392,236,699.97000000");
});

test("readable amounts round half up and keep about four digits", () => {
  expect(readableFlux(1_000_049_999_999n)).toBe("10,000");
  expect(readableFlux(1_000_050_000_000n)).toBe("10,001");
  expect(readableFlux(15_499_000_000n)).toBe("155.0");
  expect(readableFlux(281_250_000n)).toBe("2.81");
  expect(readableFlux(1n)).toBe("0.0000");
  expect(readableFlux(0n)).toBe("0.00");
});

test("amounts the rules name, and those on charts, drop their zeros", () => {
  expect([3_750_000_000n, 1_400_000_000n, 542_388_684n, 0n].map(trimmedFlux)).toEqual([
    "37.5",
    "14",
    "5.42388684",
    "0",
  ]);
  expect([3_750_000_000n, 15_000_000_000n, 542_388_684n, 100_000_000_000n].map(shortFlux)).toEqual([
    "37.5",
    "150",
    "5.42",
    "1,000",
  ]);
});

test("numbers look the same on every machine", () => {
  expect([0, 0.25, 950, 16_200, 380e6, 4.4e9].map((value) => compact(value))).toEqual([
    "0",
    "0.25",
    "950",
    "16.2k",
    "380M",
    "4.4B",
  ]);
  expect(grouped(1_313_200)).toBe("1,313,200");
  expect(grouped(12n)).toBe("12");
  expect(percent(0.16482)).toBe("16.5\u00a0%");
  expect([dollars(1_234.5), dollars(-3)]).toEqual(["$1,234.50", "−$3.00"]);
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listed)).toEqual(["", "a", "a and b", "a, b and c"]);
});

test("lengths of time take the unit a person would", () => {
  const texts = [90, 118_080, 36_000, 1_010_880, 2.5 * 31_536_000].map(duration);
  expect(texts).toEqual([
    "90\u00a0s",
    "32.8\u00a0hours",
    "10\u00a0hours",
    "11.7\u00a0days",
    "2.5\u00a0years",
  ]);
});
