import { Worker } from "node:worker_threads";
import { toWireHex } from "@fluxlab/core";
import { readModule } from "@fluxlab/core/host";
import { expect } from "vitest";
import { bundle } from "../support/bundle.ts";
import { browserTest, callInPage, callInPageWorker } from "../support/chromium.ts";
import { readJson, vectorsPresent } from "../support/vectors.ts";
import { vectorTest } from "../support/vectorTest.ts";
import { checkRecorded, type RecordedFiles, type RecordedOutcome } from "./recordedCases.ts";

// All recorded cases of Equihash and difficulty, in every host that runs the core. Each host is given them twice: as they are,
// and with a digit of some of them changed, which it must then name.

const script = bundle(new URL("./recordedCases.ts", import.meta.url), "lab");

interface Solutions {
  readonly solutions: readonly { readonly solution: string }[];
}
interface Difficulty {
  readonly powNextBits: readonly { readonly bits: string }[];
}

const files = (): RecordedFiles => ({
  equihash: readJson("equihash.json"),
  difficulty: readJson("difficulty.json"),
  modules: {
    equihash: toWireHex(readModule("equihash")),
    solver: toWireHex(readModule("equihashSolver")),
  },
});

/** The same with one case of each file made wrong, and few others, so that it takes no time. */
function wrongFiles(): RecordedFiles {
  const { equihash, difficulty, modules } = files() as RecordedFiles & {
    readonly equihash: Solutions;
    readonly difficulty: Difficulty;
  };
  const [solution, next] = [equihash.solutions[0]!, equihash.solutions[1]!];
  const [row] = difficulty.powNextBits;
  return {
    equihash: {
      solutions: [{ ...solution, solution: `05${solution.solution.slice(2)}` }, next],
      solutionSets: [],
    },
    difficulty: { powNextBits: [{ ...row, bits: "1d00ffff" }, row] },
    modules,
  };
}

type Host = (task: RecordedFiles) => RecordedOutcome[] | Promise<RecordedOutcome[]>;

async function expectAllHold(host: Host): Promise<void> {
  const outcomes = await host(files());
  expect(outcomes.filter(({ failure }) => failure !== null)).toEqual([]);
  const count = (form: string) => outcomes.filter(({ name }) => name.startsWith(`${form}:`)).length;
  expect(count("equihash.json, both forms")).toBe(65);
  expect(count("equihash.json, bucketed solver")).toBe(6);
  expect(count("equihash.json, TypeScript solver")).toBe(6);
  expect(count("difficulty.json, limbs")).toBe(193);
  expect(count("difficulty.json, bigint")).toBe(138);
  const named = (await host(wrongFiles())).filter(({ failure }) => failure !== null);
  expect(named.map(({ name }) => name)).toEqual([
    "equihash.json, both forms: solutions[0]",
    "difficulty.json, limbs: powNextBits[0]",
    "difficulty.json, bigint: powNextBits[0]",
  ]);
}

/** The script in a worker thread, given its task with the start. */
async function inWorkerThread(task: RecordedFiles): Promise<RecordedOutcome[]> {
  const ask = `require("node:worker_threads").parentPort.postMessage(lab.checkRecorded(require("node:worker_threads").workerData));`;
  const worker = new Worker(`${await script}\n${ask}`, { eval: true, workerData: task });
  return await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

/** The TypeScript solver takes more than a second a set. */
const TIME = 180_000;

vectorTest("every case holds in both forms in Node.js", () => expectAllHold(checkRecorded), TIME);

vectorTest("every case holds in both forms in a worker thread", () => expectAllHold(inWorkerThread), TIME);

const call = (task: RecordedFiles): string => `lab.checkRecorded(${JSON.stringify(task)})`;

if (vectorsPresent) {
  browserTest("every case holds in both forms in a page", (page) =>
    expectAllHold(async (task) => callInPage(page, await script, call(task))),
  );

  browserTest("every case holds in both forms in a page's worker", (page) =>
    expectAllHold(async (task) => callInPageWorker(page, await script, call(task))),
  );
} else {
  vectorTest("every case holds in both forms in Chromium", () => expectAllHold(checkRecorded));
}
