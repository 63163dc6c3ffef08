import type { EquihashParams } from "@fluxlab/core";
import { toWireHex } from "@fluxlab/core";
import { NodeSolver, readModule } from "@fluxlab/core/host";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { bundle } from "../../support/bundle.ts";
import { browserTest } from "../../support/chromium.ts";
import { solutionSet, wasmEquihash } from "../../support/equihash.ts";
import { type ServedFile, withPageServer } from "../../support/pageServer.ts";
import type { PageAnswer } from "./solvePage.ts";

// The threaded solver in Chromium, from a server with and without the headers that let threads share memory. The page is laid
// out as in the repository, so that addresses relative to a file hold.

const script = (body: string): ServedFile => ({ type: "text/javascript", body });
const wasm = (name: string): ServedFile => ({ type: "application/wasm", body: readModule(name) });

const page = bundle(new URL("./solvePage.ts", import.meta.url));
const worker = bundle(new URL("../../../core/browser/solverWorker.ts", import.meta.url));

const files = async (): Promise<Record<string, ServedFile>> => ({
  "/": { type: "text/html", body: "<!doctype html><title>solver</title>" },
  "/core/browser/page.js": script(await page),
  "/core/browser/solverWorker.ts": script(await worker),
  "/core/dist-wasm/equihash.wasm": wasm("equihash"),
  "/core/dist-wasm/equihashSolver.wasm": wasm("equihashSolver"),
  "/core/dist-wasm/equihashSolverShared.wasm": wasm("equihashSolverShared"),
});

const call = <T>(page: Page, expression: string): Promise<T> =>
  page.evaluate(`import("/core/browser/page.js").then((lab) => lab.${expression})`);

/** (144, 5) takes seconds a search, and on a busy machine several times that. */
const SOLVING_MS = 300_000;

/** A puzzle with some solutions. */
const input = new Uint8Array(140).fill(5);
const hex = toWireHex(input);

const solveCall = ({ n, k }: EquihashParams, threads: number): string =>
  `solveInPage({ n: ${n}, k: ${k} }, ${threads}, "${hex}")`;

async function inNode(params: EquihashParams): Promise<string[]> {
  const solver = new NodeSolver(params, 2);
  try {
    return solutionSet((await solver.solve(input)).solutions);
  } finally {
    await solver.close();
  }
}

/** A search was stopped near a fifth, the next one told of all its steps, and found what Node.js finds. */
async function expectSolved(answer: PageAnswer, params: EquihashParams): Promise<void> {
  expect(answer.stopped).toBe("enough");
  expect(answer.stoppedAt).toBeLessThan(0.5);
  expect(answer.share).toBe(1);
  expect(answer.steps).toBe((256 + 64 * params.k) * answer.threads);
  expect(answer.lostRows).toBe(0);
  const expected = await inNode(params);
  expect(expected).not.toEqual([]);
  expect(solutionSet(answer.solutions)).toEqual(expected);
}

for (const params of [
  { n: 96, k: 5 },
  { n: 144, k: 5 },
]) {
  browserTest(
    `(${params.n}, ${params.k}) in two threads of an isolated page`,
    async (page) => {
      await withPageServer(await files(), true, async (origin) => {
        await page.goto(origin);
        const answer = await call<PageAnswer>(page, solveCall(params, 2));
        expect(answer).toMatchObject({ isolated: true, threads: 2, fallback: null });
        await expectSolved(answer, params);
      });
    },
    SOLVING_MS,
  );
}

browserTest("one thread, with the reason, in a page that is not isolated", async (page) => {
  const params = { n: 96, k: 5 };
  await withPageServer(await files(), false, async (origin) => {
    await page.goto(origin);
    const answer = await call<PageAnswer>(page, solveCall(params, 2));
    expect(answer).toMatchObject({ isolated: false, threads: 1 });
    expect(answer.fallback).toContain("Cross-Origin-Embedder-Policy: require-corp");
    await expectSolved(answer, params);
    expect((await call<PageAnswer>(page, solveCall(params, 1))).fallback).toBe(null); // it is what was asked for
  });
});

browserTest("(48, 5), and modules that the server does not have", async (page) => {
  const { "/core/dist-wasm/equihashSolver.wasm": _, ...served } = await files();
  const unserved = { ...served, "/core/browser/solverWorker.ts": script("throw new Error('no worker')") };
  await withPageServer(unserved, true, async (origin) => {
    await page.goto(origin);
    const small = { n: 48, k: 5 };
    const found = await call<number[][]>(page, `solveSmallInPage("${hex}")`);
    expect(solutionSet(found)).toEqual(solutionSet(wasmEquihash.smallSolver(small)!.solve(input)!));
    const params = { n: 96, k: 5 };
    await expect(call(page, solveCall(params, 1))).rejects.toThrow("equihashSolver.wasm: 404 Not Found");
    await expect(call(page, solveCall(params, 2))).rejects.toThrow("no worker");
  });
});
