import type { RunRecord } from "@fluxlab/sim";
import type { Scenario } from "@fluxlab/sim/scenario";
import { computed, shallowReactive, shallowRef } from "vue";
import type { Backend, RunControl, RunFrame } from "../backend/backend.ts";
import { workerBackend } from "../backend/worker.ts";

/** A run of this session, under way or over. */
export interface LabRun {
  readonly id: number;
  readonly scenario: Scenario;
  readonly seed: number;
  /** Where the page shows it. */
  readonly address: string;
  /** The newest frame; undefined until the first arrives. */
  frame: RunFrame | undefined;
  failure: string | undefined;
  /** Undefined for runs that are over and recorded. */
  control: RunControl | undefined;
  /** Milliseconds spent playing, as far as it has come. */
  playedMs: number;
}

const runs = shallowRef<readonly LabRun[]>([]);
let lastId = 0;

/** Runs of this session, newest first. */
export const allRuns = computed(() => runs.value);

/** The newest run of a scenario with that seed. */
export const findRun = (scenario: Scenario, seed: number): LabRun | undefined =>
  runs.value.find((run) => run.scenario === scenario && run.seed === seed && run.failure === undefined);

function addRun(scenario: Scenario, seed: number, address: string, frame?: RunFrame): LabRun {
  const run: LabRun = shallowReactive({
    id: ++lastId,
    scenario,
    seed,
    address,
    frame,
    failure: undefined,
    control: undefined,
    playedMs: 0,
  });
  runs.value = [run, ...runs.value];
  return run;
}

/** Starts a run. */
export function startRun(scenario: Scenario, seed: number, backend: Backend = workerBackend): LabRun {
  const run = addRun(scenario, seed, `/run/${scenario.name}?seed=${seed}`);
  const fail = (message: string) => {
    run.failure = message;
  };
  let before = performance.now();
  const onFrame = (frame: RunFrame) => {
    const now = performance.now();
    if (run.frame?.state !== "paused") run.playedMs += now - before;
    before = now;
    showAtNextPaint(run, frame);
  };
  backend
    .start({ scenario, seed }, onFrame, fail)
    .then((control) => {
      run.control = control;
    })
    .catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
  return run;
}

/** A run that was played before, and is shown at `address`. */
export function addRecorded(record: RunRecord, address: string): LabRun {
  const known = runs.value.find(
    (run) => run.address === address && run.frame?.record.digest === record.digest,
  );
  if (known !== undefined) return known;
  const blocks = record.lastHeight - record.firstHeight + 1;
  return addRun(record.scenario, Number(record.seed), address, {
    state: "done",
    blocksDone: blocks,
    blocksTotal: blocks,
    record,
  });
}

const waiting = new Map<LabRun, RunFrame>();

/** Many frames may come between two paints: the last one wins. A page in the background is not painted, and waits. */
function showAtNextPaint(run: LabRun, frame: RunFrame): void {
  const scheduled = waiting.has(run);
  waiting.set(run, frame);
  if (scheduled) return;
  requestAnimationFrame(() => {
    run.frame = waiting.get(run);
    waiting.delete(run);
  });
}

/** Ends a run and forgets it. */
export async function removeRun(run: LabRun): Promise<void> {
  runs.value = runs.value.filter((other) => other !== run);
  await run.control?.stop();
}
