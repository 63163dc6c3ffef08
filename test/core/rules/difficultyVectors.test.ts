import { checkSolutionSize, type PowHeader } from "@fluxlab/core";
import { expect } from "vitest";
import { difficultyKind } from "../../../core/host/check/difficulty.ts";
import { Field } from "../../../core/host/field.ts";
import { NETWORKS } from "../../support/networks.ts";
import { sampleBlocks } from "../../support/samples.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

type Row = Record<string, unknown>;

const groups = (): [name: string, rows: Row[]][] =>
  Object.entries(readJson<Record<string, Row[]>>("difficulty.json")).filter(([, rows]) =>
    Array.isArray(rows),
  );

const outcomes = (file: Record<string, unknown>) =>
  [...difficultyKind.cases({ name: "difficulty.json", root: new Field(file), expect: undefined })].map(
    (each) => ({
      name: each.name,
      ...each.check(),
    }),
  );

vectorTest("every case of every group holds", () => {
  for (const [name, rows] of groups()) {
    const checked = outcomes({ [name]: rows });
    expect(checked.length, name).toBe(rows.length);
    expect(checked.filter(({ passed }) => !passed)).toEqual([]);
  }
  expect(groups().length).toBe(16);
});

/** What each group expects, and another value of the form. */
const EXPECTATIONS = {
  target: `${"00".repeat(31)}fe`,
  reencoded: "01fe0000",
  compact: "01fe0000",
  work: "ab".repeat(32),
  totalWork: "ab".repeat(32),
  bits: "1b0badba",
  slot: 12_345,
  ponHash: "ab".repeat(32),
  blockHash: "ab".repeat(32),
  median: 1,
  index: 1,
  branchId: "00c0ffee",
  accepted: [[96, 5, 68]],
};

vectorTest("a case that expects anything else does not hold", () => {
  for (const [name, rows] of groups()) {
    for (const row of rows) {
      const verdicts = Object.keys(row).filter((key) => typeof row[key] === "boolean");
      for (const key of verdicts)
        expect(outcomes({ [name]: [{ ...row, [key]: !row[key] }] })[0]!.passed).toBe(false);
      if (verdicts.length > 0) continue;
      const key = Object.keys(EXPECTATIONS).find((each) => each in row && !isInput(name, each));
      const wrong = { ...row, [key!]: EXPECTATIONS[key as keyof typeof EXPECTATIONS] };
      expect(outcomes({ [name]: [wrong] })[0]!.passed, `${name} ${key}`).toBe(false);
    }
  }
});

const isInput = (group: string, key: string): boolean =>
  (group === "compactEncode" && key === "target") ||
  (group === "blockProof" && key === "bits") ||
  (group === "ponHash" && key === "slot");

vectorTest("solutions of other lengths than the accepted sets have are refused", () => {
  const rows = readJson<Record<string, Row[]>>("difficulty.json")["equihashParams"]!;
  const { header } = sampleBlocks["pow"]!;
  for (const { network, height, accepted } of rows as {
    network: string;
    height: number;
    accepted: number[][];
  }[]) {
    for (const bytes of [36, 52, 68, 100, 1344]) {
      const solved = { ...(header as PowHeader), solution: new Uint8Array(bytes) };
      const broken = checkSolutionSize(solved, height, NETWORKS[network]!);
      const anyLength = network === "test" && height <= 320;
      const taken = anyLength || accepted.some((set) => set[2] === bytes);
      expect(broken?.rule, `${network} ${height}: ${bytes}`).toBe(
        taken ? undefined : "bad-equihash-solution-size",
      );
    }
  }
});
