import { expect, test } from "vitest";
import { sameValue } from "../../../core/src/util/sameValue.ts";

const value = () => ({
  height: 1,
  bytes: Uint8Array.of(1, 2),
  coins: new Map([["a", { value: 5n, list: [1, undefined] }]]),
});

test("values are the same from end to end, or not", () => {
  expect(sameValue(value(), value())).toBe(true);
  expect(sameValue(value(), { ...value(), height: 2 })).toBe(false);
  expect(sameValue(value(), { ...value(), bytes: Uint8Array.of(1, 3) })).toBe(false);
  expect(sameValue(value(), { ...value(), bytes: [1, 2] })).toBe(false);
  expect(sameValue(value(), { ...value(), coins: new Map() })).toBe(false);
  const otherCoins = new Map([["a", { value: 6n, list: [1, undefined] }]]);
  expect(sameValue(value(), { ...value(), coins: otherCoins })).toBe(false);
  expect(sameValue(value(), { ...value(), more: undefined })).toBe(false);
  expect(sameValue(undefined, null)).toBe(false);
});
