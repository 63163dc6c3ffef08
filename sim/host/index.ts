export { loadNetwork } from "./loadNetwork.ts";
export { loadScenario } from "./loadScenario.ts";
export { parseSeed } from "./parseSeed.ts";
export { playScenario } from "./playScenario.ts";
export { type FinishedRun, recordRun } from "./recordRun.ts";
