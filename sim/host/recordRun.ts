import { reportFiles } from "@fluxlab/reports";
import type { AnyRecord } from "@fluxlab/sim";
import { commit, version } from "./about.ts";
import { loadScenario } from "./loadScenario.ts";
import { playScenario } from "./playScenario.ts";
import { ProgressLine } from "./progressLine.ts";
import { RunFolder } from "./runFolder.ts";

export interface RunRequest {
  /** Name of a shipped scenario, or a file. */
  readonly scenario: string;
  /** Instead of the scenario's. */
  readonly seed?: number;
  readonly until?: string;
  readonly nodes?: number;
  /** Fields of the scenario set to other values, "path=value". */
  readonly set?: readonly string[];
  /** A chain to go on from, and its last block: see readChain. */
  readonly from?: string;
  readonly fromHeight?: number;
  /** Folder for the results; by default runs/NAME-seedN. */
  readonly out?: string;
  readonly worker?: boolean;
  readonly signal?: AbortSignal;
}

/** A run that was played and recorded. */
export interface FinishedRun {
  readonly record: AnyRecord;
  /** Folder with the report and the data. */
  readonly folder: string;
  /** The line that repeats the run. */
  readonly command: string;
}

/**
 * Plays a scenario and leaves its report and data in a folder, with progress on the terminal.
 * @throws InputError for anything a person has to change; nothing has been written then.
 */
export async function recordRun(request: RunRequest): Promise<FinishedRun> {
  const loaded = loadScenario(request.scenario, request);
  const seed = request.seed ?? loaded.scenario.seed;
  const folder = new RunFolder(request.out ?? `runs/${loaded.scenario.name}-seed${seed}`);
  const progress = new ProgressLine(process.stderr, loaded.scenario.name);
  try {
    const record = await playScenario(loaded, seed, {
      ...(request.worker === undefined ? {} : { worker: request.worker }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      onProgress: (now) => progress.update(now),
    });
    const command = repeatCommand(request, seed);
    folder.write(reportFiles(record, { commit: commit(), version: version(), command }));
    return { record, folder: folder.path, command };
  } finally {
    progress.clear();
    folder.discard();
  }
}

function repeatCommand(
  { scenario, until, nodes, set = [], from, fromHeight }: RunRequest,
  seed: number,
): string {
  const size = nodes === undefined ? "" : ` --nodes ${nodes}`;
  const end = until === undefined ? "" : ` --until ${quoted(until)}`;
  const settings = set.map((setting) => ` --set ${quoted(setting)}`).join("");
  const chain = from === undefined ? "" : ` --from ${quoted(from)}`;
  const height = fromHeight === undefined ? "" : ` --from-height ${fromHeight}`;
  return `npm run sim -- ${quoted(scenario)} --seed ${seed}${settings}${size}${end}${chain}${height}`;
}

/** An argument as a shell reads it. */
export const quoted = (argument: string): string =>
  /^[\w./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
