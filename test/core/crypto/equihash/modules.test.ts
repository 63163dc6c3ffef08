import { readFileSync } from "node:fs";
import { loadEquihash } from "@fluxlab/core";
import { expect, test } from "vitest";
import { buildModules, builtFolder, moduleHashes } from "../../../../core/assembly/build.mjs";
import { temporaryFolder } from "../../../support/program.ts";

test("the modules are what their sources compile to, byte for byte", async () => {
  const recorded = readFileSync(new URL("../../../../core/assembly/wasm.sha256", import.meta.url), "utf8");
  const folder = temporaryFolder();
  await buildModules(folder);
  expect(moduleHashes(folder)).toBe(recorded);
  expect(moduleHashes(builtFolder)).toBe(recorded);
}, 180_000);

test("bytes that are no module this engine can run are refused by name", () => {
  expect(loadEquihash(Uint8Array.of(0, 1, 2, 3))).toBe("simd");
});
