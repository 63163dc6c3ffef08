import { InputError } from "@fluxlab/core/command-line";
import { type RehearsalReport, WitnessedRun } from "@fluxlab/sim";
import { labWorldOf } from "../labTestnet.ts";
import { fleetPlan } from "../loadTestnet.ts";
import { simulatedFaults } from "../simulatedFaults.ts";
import { type Rehearsal, RehearsalObserver, type Scene } from "./rehearsal.ts";

/** Seconds of a run between looks at who wants to interrupt. */
const SLICE = 1;

/**
 * Rehearses an upgrade in the simulator. `progress`: seconds played.
 * @throws InputError for what the simulator has nothing like
 */
export async function rehearseInSimulator(
  rehearsal: Rehearsal,
  signal: AbortSignal,
  progress: (seconds: number) => void,
): Promise<RehearsalReport> {
  const beganAt = performance.now();
  const { scenario, chain, restart } = rehearsal;
  const world = labWorldOf(scenario, fleetPlan(scenario).links, { chain, worldwide: true });
  if (world === undefined) throw new Error("rehearsals are of the laboratory's network");
  const { faults, leftOut } = simulatedFaults(scenario, world);
  if (leftOut.length > 0)
    throw new InputError(
      `the simulator has nothing like ${leftOut.join(", ")}: rehearse it with --on process`,
    );
  const run = new WitnessedRun(world, faults);
  const observer = new RehearsalObserver(rehearsal, world.plan.params);
  run.restartAt(restart, observer.activation);
  const scene: Scene = { account: () => run.account(), isUp: (node) => run.isUp(node) };
  const moments = [...observer.moments];
  while (!run.done) {
    signal.throwIfAborted();
    const next = (moments[0]?.at ?? Number.POSITIVE_INFINITY) / 1_000;
    run.advance(Math.min(SLICE, Math.max(0, next - run.secondsDone)));
    while (moments.length > 0 && run.secondsDone * 1_000 >= moments[0]!.at) moments.shift()!.look(scene);
    progress(run.secondsDone);
    await new Promise((resume) => setImmediate(resume));
  }
  return observer.report(scene, "simulator", {
    wallSeconds: (performance.now() - beganAt) / 1_000,
    simulatedSeconds: run.secondsDone,
    mostMegabytes: Math.round(process.resourceUsage().maxRSS / 1_024),
    processes: 1,
  });
}
