export { loadNetwork } from "./loadNetwork.ts";
export { loadScenario, type ScenarioChanges } from "./loadScenario.ts";
export { parseNodes, parseSeed } from "./parseSeed.ts";
export { playScenario } from "./playScenario.ts";
export { type FinishedRun, recordRun } from "./recordRun.ts";
