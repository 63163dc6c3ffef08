import { expect, test } from "vitest";
import {
  dateAfter,
  heightAtSeconds,
  momentOf,
  secondsAtHeight,
} from "../../../reports/src/metrics/timeline.ts";
import { smallRun } from "../support.ts";

test("heights and seconds turn into each other at the target spacing", () => {
  const { samples, firstHeight, lastHeight, seconds } = smallRun();
  for (let height = firstHeight; height <= lastHeight; height++) {
    expect(secondsAtHeight(samples, height)).toBeCloseTo((height - firstHeight) * 120, 6);
    expect(heightAtSeconds(samples, (height - firstHeight) * 120)).toBe(height);
  }
  expect(secondsAtHeight(samples, 0)).toBe(0);
  expect(secondsAtHeight(samples, lastHeight + 1)).toBe(seconds);
});

test("the spacing changes with proof of node", () => {
  const { samples } = smallRun({ from: 2_019_990, run: "20 blocks" });
  expect(secondsAtHeight(samples, 2_019_999)).toBe(9 * 120);
  expect(secondsAtHeight(samples, 2_020_009)).toBe(9 * 120 + 10 * 30);
});

test("a run of one block has one moment", () => {
  const { samples } = smallRun({ from: 1_200_000, run: "1 block" });
  expect(secondsAtHeight(samples, 1_200_000)).toBe(0);
  expect(heightAtSeconds(samples, 0)).toBe(1_200_000);
});

test("days are counted in UTC, across a leap day", () => {
  expect(dateAfter("2024-02-28", 86_400)).toBe("2024-02-29");
  expect(dateAfter("2023-02-28", 86_399)).toBe("2023-02-28");
  expect(momentOf("2023-02-28", 86_400)).toBe("2023-03-01");
});

test("without a calendar a moment is told from the start", () => {
  expect(momentOf(undefined, 3 * 86_400)).toBe("day 3");
  expect(momentOf(undefined, 5_400)).toBe("90\u00a0min in");
});
