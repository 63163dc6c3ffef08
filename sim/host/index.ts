export type { ScenarioChanges } from "./changeScenario.ts";
export { loadNetwork } from "./loadNetwork.ts";
export { loadScenario } from "./loadScenario.ts";
export { parseNodes, parseSeed } from "./parseSeed.ts";
export { playScenario } from "./playScenario.ts";
export { type FinishedRun, recordRun } from "./recordRun.ts";
export { type FinishedSweep, runSweep, type SweepRequest } from "./sweep/runSweep.ts";
export { type HuntRequest, type HuntTotals, hunt, shrinkSeed } from "./vopr/hunt.ts";
export type { SeedOutcome } from "./vopr/seedPool.ts";
