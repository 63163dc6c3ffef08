import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { regtest } from "@fluxlab/core";
import { expect, onTestFinished, test } from "vitest";
import { nodeParcel } from "../../../testnet/src/fleet/nodeParcel.ts";
import { runCommandLine } from "../../../testnet/src/fleet/runCommandLine.ts";

/** What a thread of a parcel answers first. */
async function answer(file: string, workerData: unknown, message: unknown): Promise<unknown> {
  const worker = new Worker(file, { workerData, execArgv: [] });
  onTestFinished(async () => void (await worker.terminate()));
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.postMessage(message);
  });
}

test("a node for elsewhere starts, and has the threads that check signatures and search for work", async () => {
  const { folder } = await nodeParcel();
  const bin = join(folder, "bin");
  const { code, stdout } = await runCommandLine([process.execPath, join(bin, "flux-node.mjs"), "--version"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("rules of main")]);
  // The node finds them there: no file names a source.
  const named = readdirSync(bin).filter((file) =>
    /Thread\.ts"|Worker\.ts"/.test(readFileSync(join(bin, file), "utf8")),
  );
  expect(named).toEqual([]);
  // A payload that is no block: nothing was asked.
  const notes = await answer(join(bin, "checkerThread.mjs"), regtest, { payload: new Uint8Array(3) });
  expect(notes).toEqual(await noNotes());
  const solver = new Worker(join(bin, "solverWorker.mjs"), { execArgv: [] });
  onTestFinished(async () => void (await solver.terminate()));
  await new Promise((resolve, reject) => {
    solver.once("online", resolve);
    solver.once("error", reject);
  });
}, 120_000);

/** What the thread of a checkout answers. */
const noNotes = (): Promise<unknown> =>
  answer(join(import.meta.dirname, "../../../testnet/src/host/signatures/checkerThread.ts"), regtest, {
    payload: new Uint8Array(3),
  });
