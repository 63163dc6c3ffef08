import { expect, test } from "vitest";
import { growthAnHour, soak } from "../soak/soakWorld.ts";

/** An hour has 120 blocks: their headers, and the coins and payments that they leave. A restart that left something would add to it. */
const MOST_AN_HOUR = 1_200 * 1_024;
/** docs/node-soak.md has the curve of a whole day. */
const HOURS = process.env["FLUX_LAB_LONG"] === "1" ? 24 : 6;
const MOST_LATE = 400 * 1_024;

test(`six full nodes under churn grow by no more than their chain does in ${HOURS} hours`, () => {
  const points = soak(HOURS, () => {});
  expect(points.at(-1)!.height).toBeGreaterThan(HOURS * 80);
  expect(points.at(-1)!.restarts).toBeGreaterThan(HOURS * 10);
  const growth = growthAnHour(points, 3);
  console.log(`${(growth / 1_024).toFixed(0)} KiB an hour from the third on`);
  expect(growth).toBeLessThan(HOURS === 24 ? MOST_LATE : MOST_AN_HOUR);
}, 600_000);
