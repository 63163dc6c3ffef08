import { parentPort, workerData } from "node:worker_threads";
import type { RehearsalReport } from "@fluxlab/sim";
import { loadRehearsal, rehearseInSimulator } from "@fluxlab/testnet/fleet";

// One rehearsal in a thread of its own; started by rehearsals.ts.

/** What the thread says. */
export type RehearsalMessage =
  | { readonly seconds: number }
  | { readonly report: RehearsalReport }
  | { readonly failure: string };

const { file, seed } = workerData as { file: string; seed: number };
const tell = (message: RehearsalMessage) => parentPort?.postMessage(message);

try {
  const { signal } = new AbortController();
  const report = await rehearseInSimulator(loadRehearsal(file, seed), signal, (seconds) => tell({ seconds }));
  tell({ report });
} catch (error) {
  tell({ failure: (error as Error).message });
}
