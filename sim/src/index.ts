export { type AnyRecord, checkAnyScenario, playable } from "./playable.ts";
export type { AgreementSamples } from "./record/agreementSamples.ts";
export type * from "./record/runRecord.ts";
export type * from "./record/spreadRecord.ts";
export { checkScenario, Run, runScenario } from "./run.ts";
export { type Playable, type SpreadRun, spreadRun } from "./spreadRun.ts";
export type { BridgeReorgRow } from "./world/bridgeReorg.ts";
export { Economy } from "./world/economy.ts";
export type * from "./world/economyPlan.ts";
