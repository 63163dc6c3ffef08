import { parseYaml } from "@fluxlab/sim/scenario";
import { describe, expect, test } from "vitest";
import {
  faultText,
  HAND_KINDS,
  nodesOfText,
  orderText,
  type TestnetFaultForm,
} from "../../../lab-ui/src/network/testnetFaults.ts";
import { decodeFault, FAULT_KINDS } from "../../../testnet/src/fleet/testnetSchema.ts";

const FORM: TestnetFaultForm = {
  ...{ kind: "partition", nodes: "0, 2-3", lasts: "20" },
  ...{ latencyMs: 500, lossPercent: 2.5, offsetSeconds: -90, weight: 3 },
};
const decoded = (text: string) =>
  decodeFault(
    parseYaml("fault", text, (data) => data),
    5,
  );

describe("a fault by hand", () => {
  test.each(HAND_KINDS)("%s is one that testnets know", (kind) => {
    expect(FAULT_KINDS).toContain(kind);
    expect(decoded(faultText({ ...FORM, kind })!)).toHaveProperty(kind);
  });

  test("says what its form says", () => {
    const of = (change: Partial<TestnetFaultForm>) => decoded(faultText({ ...FORM, ...change })!);
    expect(of({})).toEqual({ partition: [[0, 2, 3]], for: "20 s" });
    expect(of({ kind: "kill", nodes: "4", lasts: " " })).toEqual({ kill: [4] });
    expect(of({ kind: "links" })).toEqual({
      links: { latency: "500 ms", lossPerMillion: 25_000 },
      for: "20 s",
    });
    expect(of({ kind: "clock" })).toEqual({ clock: { nodes: [0, 2, 3], offset: "-90 s" }, for: "20 s" });
    expect(of({ kind: "hashRate" })).toEqual({ hashRate: { nodes: [0, 2, 3], weight: 3 }, for: "20 s" });
    expect(of({ kind: "start" })).toEqual({ start: [0, 2, 3] }); // over as soon as it is done
    expect(faultText({ ...FORM, nodes: "all" })).toBeUndefined();
  });

  test("is put in order by what testnets know, if anything does", () => {
    expect(decoded(orderText("partition", [0])!)).toEqual({ heal: "links" });
    expect(decoded(orderText("wipe", [1, 2])!)).toEqual({ start: [1, 2] });
    expect(orderText("clock", [0])).toBeUndefined();
  });
});

test.each([
  ["3", [3]],
  [" 4, 1 - 2,2", [1, 2, 4]],
  ["", undefined],
  ["3-1", undefined],
  ["one", undefined],
] as const)("nodes %j are %j", (text, nodes) => {
  expect(nodesOfText(text)).toEqual(nodes);
});
