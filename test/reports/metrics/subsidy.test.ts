import { COIN } from "@fluxlab/core";
import type { ChainEvent } from "@fluxlab/sim";
import { expect, test } from "vitest";
import { milestones } from "../../../reports/src/metrics/milestones.ts";
import { subsidyChanges, subsidyEras } from "../../../reports/src/metrics/subsidy.ts";
import { smallRun } from "../support.ts";

const NOBODY = { begin: "1 day", cumulus: 0, nimbus: 0, stratus: 0 } as const;

test("five thousand steps of slow start are one change", () => {
  const { events } = smallRun({ from: 0, run: "6000 blocks", population: NOBODY });
  expect(subsidyChanges(events)).toEqual([
    { kind: "slowStart", firstHeight: 1, lastHeight: 4_999, from: 0n, to: 150n * COIN },
  ]);
});

test("halvings and reductions are told apart", () => {
  const change = (from: bigint, to: bigint): ChainEvent => ({
    type: "subsidy",
    height: Number(to),
    from,
    to,
  });
  const kinds = subsidyChanges([
    change(150n, 75n),
    change(75n, 37n),
    change(1_400n, 1_260n),
    change(37n, 14n),
  ]);
  expect(kinds.map(({ kind }) => kind)).toEqual(["halving", "halving", "reduction", "other"]);
});

test("the halving halves a node's payout", () => {
  const [before, after, ...more] = subsidyEras(smallRun());
  expect(more).toEqual([]);
  expect([before!.lastHeight, after!.firstHeight]).toEqual([1_313_199, 1_313_200]);
  expect([before!.subsidy, after!.subsidy]).toEqual([75n * COIN, 3_750_000_000n]);
  expect(before!.payout.cumulus).toBe(2n * after!.payout.cumulus!);
});

test("a run without a change has no eras to compare", () => {
  expect(subsidyEras(smallRun({ from: 1_200_000 }))).toEqual([]);
});

test("ten swap-pool payments share one label", () => {
  const marks = milestones(smallRun({ from: 835_000, run: "265000 blocks" }).events);
  const pool = marks.find(({ label }) => label.includes("swap pool"))!;
  expect(pool).toMatchObject({ height: 837_714, label: "10 × swap pool +22M" });
  expect(pool.repeats).toHaveLength(9);
  expect(pool.repeats[0]).toBe(837_714 + 21_600);
});

test("what falls into one block shares one label", () => {
  const marks = milestones(smallRun({ from: 2_019_990, run: "20 blocks" }).events);
  expect(marks.map(({ label }) => label)).toEqual(["Proof of node · Subsidy 37.5 → 14"]);
});

test("the block that passes the cap is an alarm", () => {
  const marks = milestones(smallRun({ from: 3_730_000, run: "1000 blocks" }).events);
  expect(marks).toEqual([{ height: 3_730_283, label: "Cap passed", repeats: [], alarm: true }]);
});
