export { parseSeed, runCommand } from "./commandLine.ts";
export { InputError } from "./inputError.ts";
export { loadScenario } from "./loadScenario.ts";
export { playScenario } from "./playScenario.ts";
export { type FinishedRun, recordRun } from "./recordRun.ts";
