import { expect, test } from "vitest";
import { DAY } from "../../../reports/src/format.ts";
import { issuanceSteps, issued, receipts } from "../../../reports/src/metrics/issuance.ts";
import { edges, smallRun } from "../support.ts";

test.each(edges())("%s: receivers share out exactly what was issued", (_, record) => {
  const received = receipts(record);
  expect(received.reduce((sum, { amount }) => sum + amount, 0n)).toBe(issued(record));
  expect(received.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
});

test("inflation is a year of block rewards over the supply", () => {
  const record = smallRun({ from: 1_200_000 });
  const [step] = issuanceSteps(record.samples);
  expect(step!.perDay).toBeCloseTo(75 * 720, 6);
  expect(step!.inflation).toBeCloseTo((75 * 720 * 365) / (Number(record.samples.supply[0]) / 1e8), 9);
});

test("a swap-pool payment is no inflation", () => {
  const steps = issuanceSteps(smallRun({ from: 837_714 - 100, run: "200 blocks" }).samples);
  for (const { perDay } of steps) expect(perDay).toBeCloseTo(75 * (DAY / 120), 6);
});

test("there is no inflation while there is no supply", () => {
  const steps = issuanceSteps(
    smallRun({ from: 0, run: "4 blocks", population: { begin: "1 day", cumulus: 0, nimbus: 0, stratus: 0 } })
      .samples,
  );
  expect(steps.map(({ inflation }) => inflation === undefined)).toEqual([true, false, false]);
});
