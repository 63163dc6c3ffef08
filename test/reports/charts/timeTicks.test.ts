import { expect, test } from "vitest";
import { linePath } from "../../../reports/src/charts/paths.ts";
import { timeTicks } from "../../../reports/src/charts/timeTicks.ts";
import { DAY, YEAR } from "../../../reports/src/format.ts";
import { smallRun } from "../support.ts";

const { samples } = smallRun();
const texts = (startDate: string | undefined, span: number, most: number) =>
  timeTicks({ samples, startDate }, [0, span], most).map(({ text }) => text);

test("a calendar shows as much of the date as its ticks need", () => {
  expect(texts("2025-10-25", 10 * YEAR, 6)).toEqual(["2026", "2028", "2030", "2032", "2034"]);
  expect(texts("2022-04-14", YEAR, 6)).toEqual(["Jul 2022", "Oct 2022", "Jan 2023", "Apr 2023"]);
  expect(texts("2022-04-14", YEAR, 2)).toEqual(["Jul 2022", "Jan 2023"]);
  expect(texts("2022-04-14", DAY, 3)).toEqual(["14 Apr 00:00", "14 Apr 12:00", "15 Apr 00:00"]);
});

test("without a calendar time is counted in a fitting unit", () => {
  expect(texts(undefined, 10 * YEAR, 6)).toEqual([
    "year 0",
    "year 2",
    "year 4",
    "year 6",
    "year 8",
    "year 10",
  ]);
  expect(texts(undefined, 30 * DAY, 4)).toEqual(["day 0", "day 10", "day 20", "day 30"]);
  expect(texts(undefined, 600, 3)).toEqual(["minute 0", "minute 5", "minute 10"]);
  expect(texts(undefined, 30, 4)).toEqual(["second 0", "second 10", "second 20", "second 30"]);
});

test.each([
  60,
  3_600,
  DAY,
  40 * DAY,
  YEAR,
  3 * YEAR,
  40 * YEAR,
])("%i seconds get two to eight ticks", (span) => {
  for (const startDate of ["2022-04-14", undefined]) {
    for (let most = 2; most <= 8; most++) {
      const ticks = timeTicks({ samples, startDate }, [0, span], most);
      expect(ticks.length).toBeLessThanOrEqual(most);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      for (const { seconds } of ticks) expect(seconds >= 0 && seconds <= span).toBe(true);
    }
  }
});

test("a level stretch is drawn by its ends", () => {
  expect(
    linePath([
      [0, 1],
      [1, 1],
      [2, 1.01],
      [3, 1],
      [4, 2],
    ]),
  ).toBe("M0,1L3,1L4,2");
});
