import { parentPort } from "node:worker_threads";
import { drawScenario, playCase } from "@fluxlab/sim";
import type { SeedOutcome } from "./seedPool.ts";

// Plays one seed of the swarm after another; started by seedPool.ts.

parentPort?.on("message", (seed: number) => {
  const scenario = drawScenario(seed);
  const outcome: SeedOutcome = {
    ...playCase({ scenario, seed }),
    seed,
    nodes: scenario.nodes,
    faults: (scenario.faults ?? []).map(({ fault }) => fault),
  };
  parentPort?.postMessage(outcome);
});
