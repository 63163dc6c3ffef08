import type { NetworkNodeView, SpreadRecord } from "@fluxlab/sim";
import type { FaultInput, SpreadScenario } from "@fluxlab/sim/scenario";
import { computed, markRaw, shallowReactive, shallowRef } from "vue";
import type { SpreadControl, SpreadFrame, SpreadStep } from "../backend/backend.ts";
import { workerBackend } from "../backend/worker.ts";
import { faultsToAddress } from "../network/handFaults.ts";
import { SpreadHistory } from "../network/spreadHistory.ts";

/** A run in which messages travel, under way or over. What it plays is its scenario with {@link faults} in place of its own. */
export interface SpreadLabRun {
  readonly id: number;
  readonly scenario: SpreadScenario;
  readonly seed: number;
  faults: readonly FaultInput[];
  state: SpreadFrame["state"] | "starting";
  failure: string | undefined;
  /** All that was played; undefined until the first frame. It is the same object while it grows: see {@link revision}. */
  history: SpreadHistory | undefined;
  record: SpreadRecord | undefined;
  /** Changes whenever there is more in {@link history}. */
  revision: number;
  /** How far it was played, and when that was told by the page's clock. */
  seconds: number;
  toldAt: number;
  /** Simulated seconds for each second of real time: as asked for (undefined: as fast as possible), and as it was lately. */
  speed: number | undefined;
  pace: number;
  /** While a branch is played up to where the reader was: how much of that is done. */
  replaying: number | undefined;
  playedMs: number;
  control: SpreadControl | undefined;
  /** Where it was played before; undefined: here. */
  readonly recorded: RecordedSpread | undefined;
}

/** A recorded run, which was played elsewhere. */
export interface RecordedSpread {
  /** Folder name. */
  readonly name: string;
  readonly record: SpreadRecord;
  /** Whether a page can play it again: real nodes cannot be, nor what began with a file. */
  readonly isReplayable: boolean;
}

const runs = shallowRef<readonly SpreadLabRun[]>([]);
let lastId = 0;

/** Runs of this session, newest first. */
export const allSpreadRuns = computed(() => runs.value);

/** Speeds that the page offers, simulated seconds a second; undefined: as fast as possible. */
export const SPREAD_SPEEDS = [0.01, 0.1, 1, 10, 60, 600, 3_600, undefined] as const;

/** Real seconds that a run should take at first. */
const WATCHED = 90;

/** The slowest of the speeds that plays a run in a time that one watches. */
const firstSpeed = (seconds: number): number | undefined =>
  SPREAD_SPEEDS.find((speed) => speed !== undefined && speed >= 1 && seconds / speed <= WATCHED);

const sameFaults = (a: readonly FaultInput[], b: readonly FaultInput[]) =>
  JSON.stringify(a) === JSON.stringify(b);

/** The faults that a scenario itself has. */
export const ownFaults = (scenario: SpreadScenario): readonly FaultInput[] =>
  scenario.fidelity === "network" ? (scenario.faults ?? []) : [];

/** The newest run of a scenario with that seed and those faults. */
export const findSpreadRun = (
  scenario: SpreadScenario,
  seed: number,
  faults: readonly FaultInput[],
): SpreadLabRun | undefined =>
  runs.value.find(
    (run) =>
      run.recorded === undefined &&
      run.scenario === scenario &&
      run.seed === seed &&
      sameFaults(run.faults, faults) &&
      run.failure === undefined,
  );

/** Starts a run; `seconds`: about how long it is. */
export function startSpreadRun(
  scenario: SpreadScenario,
  seed: number,
  faults: readonly FaultInput[],
  seconds: number,
): SpreadLabRun {
  const run = newRun(scenario, seed, faults, firstSpeed(seconds));
  runs.value = [run, ...runs.value];
  void begin(run, faults, 0, false);
  return run;
}

const newRun = (
  scenario: SpreadScenario,
  seed: number,
  faults: readonly FaultInput[],
  speed: number | undefined,
  recorded?: RecordedSpread,
): SpreadLabRun =>
  shallowReactive({
    id: ++lastId,
    scenario,
    seed,
    faults,
    state: "starting" as const,
    failure: undefined,
    history: undefined,
    record: undefined,
    revision: 0,
    seconds: 0,
    toldAt: performance.now(),
    speed,
    pace: 0,
    replaying: undefined,
    playedMs: 0,
    control: undefined,
    recorded,
  });

/**
 * A run that the simulator played before: its record shows at once, and it is played again, as fast as possible, for all that a
 * record does not hold.
 */
export function replayRecorded(record: SpreadRecord, name: string): SpreadLabRun {
  const known = runs.value.find(
    ({ recorded }) => recorded?.name === name && recorded.record.digest === record.digest,
  );
  if (known !== undefined) return known;
  const { scenario } = record;
  const faults = ownFaults(scenario);
  const recorded = { name, record, isReplayable: isReplayable(record) };
  const run = newRun(scenario, Number(record.seed), faults, undefined, recorded);
  runs.value = [run, ...runs.value];
  if (recorded.isReplayable) void begin(run, faults, 0, false);
  else Object.assign(run, { record, seconds: record.seconds, state: "done" });
  return run;
}

/** Whether a page has all that a run began with: not a chain of a file, nor a network of one. */
const isReplayable = ({ start, scenario }: SpreadRecord): boolean =>
  start === undefined && !("network" in scenario && scenario.network.endsWith(".json"));

/** A network of real nodes: it is not played, but told of. */
export const observedRun = (scenario: SpreadScenario, seed: number): SpreadLabRun =>
  newRun(scenario, seed, [], 1);

/** A recorded network of real nodes, beside the runs of this session. */
export function addObserved(run: SpreadLabRun, record: SpreadRecord, name: string): SpreadLabRun {
  const known = runs.value.find(({ recorded }) => recorded?.name === name);
  if (known !== undefined) return known;
  const kept = shallowReactive({ ...run, recorded: { name, record, isReplayable: false } });
  runs.value = [kept, ...runs.value];
  return kept;
}

/**
 * Plays a run again with other faults, up to where it stands, and goes on from there as before. What was played is shown until the new
 * branch has come as far.
 */
export async function branchRun(run: SpreadLabRun, faults: readonly FaultInput[]): Promise<void> {
  if (run.control !== undefined) await begin(run, faults, run.seconds, run.state !== "running");
}

async function begin(
  run: SpreadLabRun,
  faults: readonly FaultInput[],
  playFirst: number,
  paused: boolean,
): Promise<void> {
  const before = run.control;
  run.control = undefined;
  run.failure = undefined;
  if (playFirst > 0) run.replaying = 0;
  await before?.stop();
  let history: SpreadHistory | undefined;
  let record: SpreadRecord | undefined;
  const onFrame = (frame: SpreadFrame) => {
    if (control !== undefined && run.control !== control) return; // of a branch that was left
    if (frame.scene !== undefined) history = markRaw(new SpreadHistory(frame.scene));
    history!.append(frame.rows, frame.seconds);
    record = frame.record ?? record;
    if (frame.state === "replaying") {
      run.replaying = frame.seconds / playFirst;
      return;
    }
    if (run.history !== history) {
      run.history = history;
      run.faults = faults;
      run.replaying = undefined;
      run.pace = 0;
      run.seconds = frame.seconds;
      run.toldAt = performance.now();
    }
    run.record = record;
    keepPace(run, frame);
    run.state = frame.state;
    run.revision++;
  };
  const fail = (message: string) => {
    run.failure = message;
    run.replaying = undefined;
  };
  let control: SpreadControl | undefined;
  try {
    const { scenario, seed, speed } = run;
    const played = scenario.fidelity === "network" ? withFaults(scenario, faults) : scenario;
    control = await workerBackend.startSpread(
      { scenario: played, seed, speed, playFirst, paused },
      onFrame,
      fail,
    );
    run.control = control;
    if (run.speed !== speed) void control.setSpeed(run.speed); // chosen while it started
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

function keepPace(run: SpreadLabRun, { seconds, state }: SpreadFrame): void {
  const now = performance.now();
  const passed = now - run.toldAt;
  if (run.state === "running" && passed > 0) {
    run.playedMs += passed;
    const lately = ((seconds - run.seconds) * 1_000) / passed;
    run.pace = run.speed ?? (run.pace === 0 ? lately : run.pace * 0.7 + lately * 0.3);
  }
  if (state !== "running") run.pace = 0;
  run.seconds = seconds;
  run.toldAt = now;
}

/** Somebody watches where faults are put in by hand. */
const withFaults = (
  scenario: Extract<SpreadScenario, { fidelity: "network" }>,
  faults: readonly FaultInput[],
): SpreadScenario =>
  sameFaults(faults, ownFaults(scenario)) ? scenario : { ...scenario, faults, check: true };

/** What buttons and keys do to a run. */
export interface SpreadActions {
  playOrPause(): void;
  step(what: SpreadStep, times?: number): void;
  setSpeed(speed: number | undefined): void;
}

export const spreadActions = (run: SpreadLabRun, again: () => void): SpreadActions => ({
  playOrPause: () => {
    if (run.state === "done") again();
    else if (run.state === "running") void run.control?.pause();
    else if (run.state === "paused") void run.control?.resume();
  },
  step: (what, times = 1) => {
    if (run.state === "running" || run.state === "paused") void run.control?.step(what, times);
  },
  setSpeed: (speed) => {
    run.speed = speed;
    void run.control?.setSpeed(speed);
  },
});

/** Blocks of a payment round: each pays one node of a tier, so the largest tier sets it. 0: there are no FluxNodes. */
export const blocksOfRound = (tiers: ArrayLike<number>): number => {
  const counts = [0, 0, 0, 0];
  for (let node = 0; node < tiers.length; node++) counts[tiers[node]!]!++;
  return Math.max(...counts.slice(1));
};

/** One node of a run at its newest moment; undefined where nodes have no inside. */
export const nodeOf = async (run: SpreadLabRun, node: number): Promise<NetworkNodeView | undefined> =>
  run.control?.node(node);

/** Where the page shows a run. */
export const spreadAddress = ({ scenario, seed, faults, recorded }: SpreadLabRun) =>
  recorded === undefined
    ? playedAddress(scenario, seed, faults)
    : `/recorded/${encodeURIComponent(recorded.name)}`;

const playedAddress = (scenario: SpreadScenario, seed: number, faults: readonly FaultInput[]) => ({
  path: `/run/${scenario.name}`,
  query: sameFaults(faults, ownFaults(scenario))
    ? { seed: `${seed}` }
    : { seed: `${seed}`, faults: faultsToAddress(faults) },
});

/** Ends a run and forgets it. */
export async function removeSpreadRun(run: SpreadLabRun): Promise<void> {
  runs.value = runs.value.filter((other) => other !== run);
  await run.control?.stop();
}
