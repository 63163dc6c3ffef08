import { availableParallelism } from "node:os";
import { canonicalJson, rulesId } from "@fluxlab/core";
import { type Sweep, sweepFiles, sweepParquetColumns } from "@fluxlab/reports";
import { isSpread, scenarioHash } from "@fluxlab/sim/scenario";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { parquetWriteBuffer } from "hyparquet-writer";
import { commit, version } from "../about.ts";
import type { ScenarioChanges } from "../changeScenario.ts";
import { ProgressLine } from "../progressLine.ts";
import { quoted } from "../recordRun.ts";
import { type SweepGrid, sweepGrid } from "./sweepGrid.ts";
import { playTasks } from "./sweepPool.ts";
import { SweepStore } from "./sweepStore.ts";

export interface SweepRequest extends ScenarioChanges {
  /** Name of a shipped scenario, or a file. */
  readonly scenario: string;
  /** Runs of each combination. */
  readonly seeds: number;
  /** Of the first run, instead of the scenario's; the others follow. */
  readonly seed?: number;
  /** By default runs/NAME-sweep. */
  readonly out?: string;
  /** By default all cores. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

export interface FinishedSweep {
  readonly sweep: Sweep;
  readonly folder: string;
  readonly command: string;
  /** Runs that were there from before. */
  readonly kept: number;
}

/**
 * Plays every combination with every seed on all cores and leaves a report and the runs as CSV and Parquet. An interrupted sweep
 * keeps what is done; the same request goes on.
 * @throws InputError for anything a person has to change
 */
export async function runSweep(request: SweepRequest): Promise<FinishedSweep> {
  const grid = sweepGrid(request.scenario, request, request.seeds, request.seed);
  const name = grid.cells[0]!.loaded.scenario.name;
  const store = new SweepStore(request.out ?? `runs/${name}-sweep`, identityOf(grid));
  const all = grid.cells.flatMap(({ loaded }, cell) => grid.seeds.map((seed) => ({ cell, loaded, seed })));
  const tasks = all.filter((task) => !store.has(task));
  const kept = all.length - tasks.length;
  const progress = new ProgressLine(process.stderr, `${name} sweep`);
  let done = 0;
  try {
    await playTasks(
      tasks,
      request.threads ?? availableParallelism(),
      ({ cell, seed }, answer) => {
        store.add({ cell, seed, ...answer });
        progress.update({ done: ++done, total: tasks.length, unit: "runs" });
      },
      request.signal,
    );
  } finally {
    progress.clear();
  }
  const sweep = sweepOf(grid, store);
  const command = repeatCommand(request);
  const about = { commit: commit(), version: version(), command };
  for (const [file, content] of sweepFiles(sweep, about)) store.write(file, content);
  const parquet = parquetWriteBuffer({ columnData: sweepParquetColumns(sweep) });
  store.write("runs.parquet", new Uint8Array(parquet));
  return { sweep, folder: store.path, command, kept };
}

/** Of everything but the seeds: more of them may be asked for later. */
function identityOf({ axes, cells }: SweepGrid): string {
  const combinations = cells.map(({ values, loaded: { scenario, params } }) => [
    values,
    scenarioHash(scenario),
    isSpread(scenario) && scenario.fidelity === "relay" ? "" : rulesId(params),
  ]);
  const text = canonicalJson({ commit: commit(), axes, combinations });
  return bytesToHex(sha256(utf8ToBytes(text)));
}

function sweepOf({ axes, cells, seeds }: SweepGrid, { runs }: SweepStore): Sweep {
  const wanted = new Set(seeds);
  return {
    scenario: cells[0]!.loaded.scenario,
    axes,
    seeds,
    cells: cells.map(({ values }, cell) => ({
      values,
      runs: runs.filter((run) => run.cell === cell && wanted.has(run.seed)),
    })),
  };
}

function repeatCommand({ scenario, set = [], seeds, seed, until, nodes }: SweepRequest): string {
  const options = [
    ...set.map((setting) => `--set ${quoted(setting)}`),
    ...(until === undefined ? [] : [`--until ${quoted(until)}`]),
    ...(nodes === undefined ? [] : [`--nodes ${nodes}`]),
    `--seeds ${seeds}`,
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
  ];
  return `npm run sweep -- ${quoted(scenario)} ${options.join(" ")}`;
}
