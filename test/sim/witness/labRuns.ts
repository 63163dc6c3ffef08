import { type Fault, type LabWorld, labWorld, type NetworkAccount, WitnessedRun } from "@fluxlab/sim";

/** A small laboratory network; `fields` change it. */
export const smallWorld = (fields: object = {}): LabWorld =>
  labWorld({
    ...{ name: "small", title: "Five nodes", nodes: 5, blockInterval: "5 s", run: "4 min", seed: 1 },
    ...{ fluxnodes: { cumulus: 3, nimbus: 2, stratus: 2 }, topology: { random: 2 }, latencyMs: 20 },
    ...fields,
  });

/** The same network with other chance. */
export const withSeed = (world: LabWorld, seed: string): LabWorld => ({
  ...world,
  plan: { ...world.plan, seed },
});

const SECOND = 1_000_000;

/** A span in seconds. */
export const span = (start: number, end: number) => ({ start: start * SECOND, end: end * SECOND });

/** Plays a world to its end. */
export function played(
  world: LabWorld,
  faults: readonly Fault[] = [],
  traffic = { paymentsPerMinute: 20, fusionPerMinute: 4 },
): NetworkAccount {
  const run = new WitnessedRun(world, faults, traffic);
  while (!run.done) run.advance(60);
  return run.account();
}
