import { heightAtSeconds } from "@fluxlab/reports/metrics";
import { expect, test } from "vitest";
import type { RunFrame } from "../../../lab-ui/src/backend/backend.ts";
import { LinkedHeight } from "../../../lab-ui/src/state/linkedHeight.ts";

/** A run that keeps every so-many-th of its heights; blocks come ever more slowly. */
function frameOf(lastHeight: number, every: number, state: RunFrame["state"] = "running"): RunFrame {
  const count = Math.floor(lastHeight / every) + 1;
  const height = Float64Array.from({ length: count }, (_, i) => i * every);
  const samples = { height, seconds: height.map((each) => each ** 2) };
  return { state, blocksDone: lastHeight, blocksTotal: 400, record: { lastHeight, samples } } as never;
}
const END = frameOf(400, 100, "done");

test("a link's height is shown once it is played, however many heights the record keeps from then on", () => {
  const link = new LinkedHeight(50);
  expect(link.pin(frameOf(40, 1), undefined)).toBeUndefined();
  let pinned: number | undefined;
  for (const frame of [frameOf(80, 1), frameOf(160, 20), frameOf(320, 80), END]) {
    pinned = link.pin(frame, pinned);
    expect(heightAtSeconds(frame.record.samples, pinned!)).toBe(50);
  }
});

test("who goes elsewhere stays there, before and after the height is played", () => {
  for (const first of [40, 80]) {
    const link = new LinkedHeight(50);
    link.pin(frameOf(first, 1), undefined);
    for (const frame of [frameOf(160, 20), END]) expect(link.pin(frame, 900)).toBe(900);
    expect(link.pin(END, undefined)).toBeUndefined();
  }
});

test("a height past the end shows the end; no height, what is pinned", () => {
  expect(new LinkedHeight(5_000).pin(END, undefined)).toBe(400 ** 2);
  expect(new LinkedHeight(undefined).pin(END, 7)).toBe(7);
});
