import { nodeRanges as simulatorsRanges } from "@fluxlab/sim";
import fc from "fast-check";
import { expect, test } from "vitest";
import { logLine } from "../../../lab-ui/src/network/logLine.ts";
import { nodeRanges } from "../../../lab-ui/src/network/nodeRanges.ts";

test.each([
  [
    '{"level":30,"time":1795289058338,"height":7,"tip":"ac84","msg":"tip"}',
    { level: "info", time: "19:24:18.338", message: "tip", rest: "height=7 tip=ac84" },
  ],
  [
    '{"level":50,"time":0,"err":{"code":1},"msg":"x"}',
    { level: "error", time: "00:00:00.000", message: "x", rest: 'err={"code":1}' },
  ],
  ['{"level":40}', { level: "warn", time: "", message: "", rest: "" }],
  ["Error: no memory", { level: "error", time: "", message: "Error: no memory", rest: "" }],
  ["7", { level: "info", time: "", message: "7", rest: "" }],
])("%s", (line, read) => {
  expect(logLine(line)).toEqual(read);
});

test("nodes are written as the simulator's reports write them, or as far as there is room", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40)), (nodes) => {
      expect(nodeRanges(nodes)).toBe(simulatorsRanges(nodes));
    }),
  );
  expect(nodeRanges([1, 2, 4, 6, 8], 2)).toBe("1-2, 4, …");
});
