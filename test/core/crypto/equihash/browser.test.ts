import { fileURLToPath } from "node:url";
import { toWireHex } from "@fluxlab/core";
import { readModule } from "@fluxlab/core/host";
import { rolldown } from "rolldown";
import { beforeAll, expect } from "vitest";
import { browserTest } from "../../../support/chromium.ts";
import { type EquihashVectors, solutionSet } from "../../../support/equihash.ts";
import { readJson, vectorsPresent } from "../../../support/vectors.ts";
import { type BrowserAnswer, type BrowserTask, equihashInBrowser } from "./browserChecks.ts";

let bundle: string;

beforeAll(async () => {
  const build = await rolldown({
    input: fileURLToPath(new URL("./browserChecks.ts", import.meta.url)),
    platform: "browser",
  });
  const { output } = await build.generate({ format: "iife", name: "lab" });
  await build.close();
  bundle = output[0].code;
});

/** All claims of equihash.json; without it none, and the solvers still run. */
function task(): BrowserTask {
  const rows = vectorsPresent ? readJson<EquihashVectors>("equihash.json").solutions : [];
  return {
    equihash: toWireHex(readModule("equihash")),
    solver: toWireHex(readModule("equihashSolver")),
    claims: rows.map(({ n, k, input, nonce, solution }) => ({ n, k, input: input + nonce, solution })),
    puzzle: "07".repeat(140),
  };
}

function expectSame(answer: BrowserAnswer): void {
  const here = equihashInBrowser(task());
  expect(answer.plain).toEqual(here.plain);
  expect(answer.fast).toEqual(here.plain);
  expect(solutionSet(answer.small)).toEqual(solutionSet(here.small));
  expect(solutionSet(answer.bucketed)).toEqual(solutionSet(here.small));
}

browserTest("verifies and solves in a page of Chromium", async (page) => {
  await page.addScriptTag({ content: bundle });
  expectSame(await page.evaluate(`lab.equihashInBrowser(${JSON.stringify(task())})`));
});

browserTest("verifies and solves in a page's worker", async (page) => {
  const script = `${bundle}\npostMessage(lab.equihashInBrowser(${JSON.stringify(task())}));`;
  const answer = page.evaluate(`new Promise((resolve, reject) => {
    const blob = new Blob([${JSON.stringify(script)}], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(blob));
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  })`);
  expectSame((await answer) as BrowserAnswer);
});
