import { InputError } from "@fluxlab/core/command-line";
import {
  type AccountCurves,
  accountCurves,
  type Comparison,
  compareAccounts,
  type LabWorld,
  LEAST_LATENCY_MS,
  type NetworkAccount,
  WitnessedRun,
} from "@fluxlab/sim";
import { labWorldOf, linkLatencyMs } from "./labTestnet.ts";
import { fleetPlan } from "./loadTestnet.ts";
import type { Outcome } from "./play.ts";
import { succeeded } from "./play.ts";
import { describeFinding } from "./runFolder.ts";
import { simulatedFaults } from "./simulatedFaults.ts";
import type { TestnetScenario } from "./testnetSchema.ts";
import { parseTime } from "./times.ts";

/** What came of playing a scenario in the simulator and on real nodes. */
export interface Verification {
  /** Whether everything agrees that must, and the real run went as expected. */
  readonly ok: boolean;
  readonly comparisons: readonly Comparison[];
  /** What the simulator did without. */
  readonly notes: readonly string[];
  readonly simulations: number;
}

/** Seconds of a simulation between looks at who wants to interrupt. */
const SLICE = 5;
/** After a fault blocks spread as ever; before that, connections are still being made again. */
const CALM_AFTER_MS = 15_000;
const MICROS_PER_MS = 1_000;

/** The world of a scenario that both can play. @throws InputError if the scenario is not of the laboratory's network */
function verifiableWorld(scenario: TestnetScenario): LabWorld {
  const world = labWorldOf(scenario, fleetPlan(scenario).links);
  if (world !== undefined) return world;
  throw new InputError(
    `${scenario.name}: network: verify needs the network "lab", which the simulator and real nodes begin alike; this one is of ${scenario.network}`,
  );
}

/**
 * Plays a scenario in the simulator, with so many seeds. Chance differs, the network does not.
 * @throws InputError if it is not of the laboratory's network
 */
export async function simulate(
  scenario: TestnetScenario,
  count: number,
  signal: AbortSignal,
  progress: (done: number) => void = () => {},
): Promise<NetworkAccount[]> {
  const world = verifiableWorld(scenario);
  const { faults } = simulatedFaults(scenario, world);
  const traffic = scenario.traffic && { fusionPerMinute: 0, ...scenario.traffic };
  const accounts: NetworkAccount[] = [];
  for (let i = 0; i < count; i++) {
    const plan = { ...world.plan, seed: `${scenario.seed}/${i}` };
    const run = new WitnessedRun({ ...world, plan }, faults, traffic);
    while (!run.done) {
      signal.throwIfAborted();
      run.advance(SLICE);
      progress(i + run.secondsDone / (plan.duration / 1_000_000));
      await new Promise((resume) => setImmediate(resume));
    }
    accounts.push(run.account());
  }
  return accounts;
}

/** What a real run and simulations of its scenario have in common. */
export function verification(
  scenario: TestnetScenario,
  outcome: Outcome,
  simulated: readonly NetworkAccount[],
): Verification {
  const { lab } = outcome;
  if (lab === undefined) throw new Error("a laboratory network is watched");
  const faults = scenario.faults.map((fault) => {
    const from = parseTime(fault.at ?? "0 s")!;
    return { from, to: fault.for === undefined ? from : from + parseTime(fault.for)! };
  });
  const { lateMs } = outcome;
  const { comparisons, notes } = comparison(scenario, lab.account, simulated, { faults, lateMs });
  const must = comparisons.filter(({ kind }) => kind === "must");
  return {
    ok: must.every(({ agrees }) => agrees) && succeeded(outcome),
    comparisons,
    notes,
    simulations: simulated.length,
  };
}

/** A time in which something was wrong, milliseconds; without an end: it still is. */
interface TroubledTime {
  readonly from: number;
  readonly to: number | undefined;
}

/** What a network did, wherever it stands, against simulations of its scenario. `lateMs`: by how much its links were late. */
export const comparison = (
  scenario: TestnetScenario,
  real: NetworkAccount,
  simulated: readonly NetworkAccount[],
  { faults, lateMs }: { readonly faults: readonly TroubledTime[]; readonly lateMs: number },
): Pick<Verification, "comparisons" | "notes"> => ({
  comparisons: compareAccounts(real, simulated, (time) => isCalm(faults, time / MICROS_PER_MS)),
  notes: notesOf(scenario, lateMs),
});

const isCalm = (faults: readonly TroubledTime[], ms: number): boolean =>
  faults.every(({ from, to }) => ms < from || ms > (to ?? Number.POSITIVE_INFINITY) + CALM_AFTER_MS);

/** Moments of a run that curves are told at. */
const MOMENTS = 120;

/** The curves of a real network beside those of simulations, as plain data: null where there is nothing to tell. */
export interface ComparedCurves {
  readonly seconds: readonly number[];
  readonly real: PlainCurves;
  readonly simulated: readonly PlainCurves[];
}

type PlainCurves = { readonly [Curve in keyof AccountCurves]: readonly (number | null)[] };

export function comparedCurves(
  { run }: TestnetScenario,
  real: NetworkAccount,
  simulated: readonly NetworkAccount[],
): ComparedCurves {
  const length = parseTime(run)! / 1_000;
  const seconds = Array.from({ length: MOMENTS }, (_, i) => (length * (i + 1)) / MOMENTS);
  return {
    seconds,
    real: plainCurves(real, seconds),
    simulated: simulated.map((each) => plainCurves(each, seconds)),
  };
}

function plainCurves(account: NetworkAccount, seconds: readonly number[]): PlainCurves {
  const { height, tips, half, all } = accountCurves(account, seconds);
  const plain = (values: Float64Array) =>
    Array.from(values, (value) => (Number.isNaN(value) ? null : Math.round(value * 1e6) / 1e6));
  return { height: plain(height), tips: plain(tips), half: plain(half), all: plain(all) };
}

/** Links that are so late tell of machines that are busy. */
const BUSY_MS = 3;

function notesOf(scenario: TestnetScenario, lateMs: number): string[] {
  const { leftOut } = simulatedFaults(scenario, verifiableWorld(scenario));
  const latency = linkLatencyMs(scenario);
  return [
    ...leftOut.map((fault) => `not simulated: ${fault}, which the simulator has nothing like`),
    ...(latency < LEAST_LATENCY_MS
      ? [
          `simulated links take ${LEAST_LATENCY_MS} ms, the least there is, and the real ones about ${latency} ms`,
        ]
      : []),
    ...(lateMs < BUSY_MS
      ? []
      : [
          `real links were ${lateMs.toFixed(1)} ms late on average, since the machines were busy, and nodes as well: a block takes three messages from node to node, and simulated nodes are never late`,
        ]),
  ];
}

/** For people, a line each. */
export function verificationText(
  { ok, comparisons, notes, simulations }: Verification,
  outcome: Outcome,
): string {
  const wide = Math.max(...comparisons.map(({ what }) => what.length));
  const lines = comparisons.map(({ what, kind, agrees, simulated, real, remark }) => {
    const mark = agrees ? "ok  " : kind === "must" ? "FAIL" : "off ";
    const values = kind === "must" && agrees ? real : `real ${real}, simulated ${simulated}`;
    return `${mark} ${what.padEnd(wide)}  ${values}${remark === "" ? "" : `  (${remark})`}`;
  });
  const { crashes, findings = [], verdicts } = outcome;
  const failed = verdicts.filter((verdict) => verdict.outcome !== "met");
  return [
    `one real run and ${simulations} simulated`,
    ...lines,
    ...failed.map(({ expectation, seen }) => `FAIL ${expectation.text}: ${seen}`),
    ...findings.map((finding) => `FAIL ${describeFinding(finding)}`),
    ...crashes.map((crash) => `FAIL ${crash}`),
    ...notes.map((note) => `note ${note}`),
    ok ? "the simulator and the real network agree" : "the simulator and the real network do not agree",
  ].join("\n");
}
