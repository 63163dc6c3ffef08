import type { Scenario } from "@fluxlab/sim/scenario";
import { computed, shallowReactive, shallowRef } from "vue";
import type { Backend, RunControl, RunFrame } from "../backend/backend.ts";
import { workerBackend } from "../backend/worker.ts";

/** A run of this session, under way or over. */
export interface LabRun {
  readonly id: number;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly source: string;
  /** The newest frame; undefined until the first arrives. */
  frame: RunFrame | undefined;
  failure: string | undefined;
  control: RunControl | undefined;
}

const runs = shallowRef<readonly LabRun[]>([]);
const selectedId = shallowRef<number>();
let lastId = 0;

/** Runs of this session, newest first, and the one that the page shows. */
export const allRuns = computed(() => runs.value);
export const selectedRun = computed(() => runs.value.find(({ id }) => id === selectedId.value));

/** Shows a run. */
export function selectRun(id: number): void {
  selectedId.value = id;
}

/** Starts a run, and shows it. */
export async function startRun(scenario: Scenario, seed: number, backend: Backend = workerBackend): Promise<LabRun> {
  const run: LabRun = shallowReactive({
    id: ++lastId,
    scenario,
    seed,
    source: backend.name,
    frame: undefined,
    failure: undefined,
    control: undefined,
  });
  runs.value = [run, ...runs.value];
  selectedId.value = run.id;
  const fail = (message: string) => {
    run.failure = message;
  };
  try {
    run.control = await backend.start({ scenario, seed }, (frame) => showAtNextPaint(run, frame), fail);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
  return run;
}

const waiting = new Map<LabRun, number>();

/** Many frames may come between two paints: the last one wins. */
function showAtNextPaint(run: LabRun, frame: RunFrame): void {
  const scheduled = waiting.get(run);
  if (scheduled !== undefined) cancelAnimationFrame(scheduled);
  const paint = () => {
    waiting.delete(run);
    run.frame = frame;
  };
  waiting.set(run, requestAnimationFrame(paint));
}

/** Ends a run and forgets it. */
export async function removeRun(run: LabRun): Promise<void> {
  runs.value = runs.value.filter((other) => other !== run);
  await run.control?.stop();
}
