import { regtest, testnet } from "@fluxlab/core";
import { expect } from "vitest";
import { checkFiles, complaints, labRecordings } from "../../../../support/recordings.ts";
import { vectorPath } from "../../../../support/vectors.ts";
import { vectorTest } from "../../../../support/vectorTest.ts";

vectorTest("every recording of the laboratory network passes, in any order of the files", () => {
  const files = labRecordings();
  const checked = checkFiles(files.toReversed());
  expect(complaints(checked)).toEqual([]);
  const passed: Record<string, number> = {};
  for (const result of checked.results) passed[result.kind] = (passed[result.kind] ?? 0) + result.passed;
  expect(passed).toEqual({
    chain: 2_101,
    states: 1_781,
    "fluxnode-rpc": 468,
    reorg: 1_819,
    "invalid-blocks": 2_168,
    mempool: 740,
  });
  expect(checked.results).toHaveLength(files.length);
});

vectorTest("so do the chains of the unmodified networks, the lists in their lines included", () => {
  const test = checkFiles([vectorPath("labnet/testnet-chain.jsonl")], testnet);
  expect([...complaints(test), test.results[0]?.passed]).toEqual([961]);
  const reg = checkFiles([vectorPath("labnet/regtest-chain.jsonl")], regtest);
  expect([...complaints(reg), reg.results[0]?.passed]).toEqual([131]);
});

vectorTest("a chain and reorganisations that are not given are taken from the folder, and said to be", () => {
  const file = vectorPath("labnet/reorg-invalidateblock.json");
  const checked = checkFiles([file]);
  expect(complaints(checked)).toEqual([]);
  const needed = checked.results.filter(({ neededBy }) => neededBy === file);
  expect(checked.results.length - needed.length).toBe(1);
  expect(needed.filter(({ kind }) => kind === "chain")).toHaveLength(1);
  expect(needed.filter(({ kind }) => kind === "reorg")).toHaveLength(28);
});
