import { compact } from "@fluxlab/reports/metrics";
import { expect, test } from "vitest";
import { namedTicks } from "../../../lab-ui/src/charts/axisTicks.ts";

const x = (value: number) => 10 * value;

test("a tick has its place and its words", () => {
  expect(namedTicks([1, 2], x, compact)).toEqual([
    { at: 10, text: "1" },
    { at: 20, text: "2" },
  ]);
});

test("over a range narrower than the digits shown, no words stand twice", () => {
  const ticks = namedTicks([11.71, 11.72, 11.73, 11.82], x, (days) => `${days.toFixed(1)} days`);
  expect(ticks.map(({ text }) => text)).toEqual(["11.7 days", "11.8 days"]);
});
