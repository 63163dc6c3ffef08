import { nobleEcdsa } from "@fluxlab/core";
import { expect } from "vitest";
import { scriptRows, scriptVerdict } from "../../support/scriptVectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

vectorTest("every script of script_valid.json is satisfied", () => {
  const tests = scriptRows("script_valid.json");
  expect(tests).toHaveLength(291);
  for (const row of tests) expect(scriptVerdict(row, nobleEcdsa), row.join(" | ")).toBeUndefined();
});

vectorTest("no script of script_invalid.json is satisfied", () => {
  const tests = scriptRows("script_invalid.json");
  expect(tests).toHaveLength(219);
  for (const row of tests) expect(scriptVerdict(row, nobleEcdsa), row.join(" | ")).toBeDefined();
});
