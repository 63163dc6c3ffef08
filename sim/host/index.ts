export type { ScenarioChanges } from "./changeScenario.ts";
export { loadNetwork } from "./loadNetwork.ts";
export { loadScenario } from "./loadScenario.ts";
export { parseNodes, parseSeed } from "./parseSeed.ts";
export { playScenario } from "./playScenario.ts";
export { type FinishedRun, recordRun } from "./recordRun.ts";
export { type FinishedSweep, runSweep, type SweepRequest } from "./sweep/runSweep.ts";
