export type { CheckerFinding } from "./checkers/checker.ts";
export { type Parting, partingOfRuns } from "./partingOfRuns.ts";
export { type AnyRecord, checkAnyScenario, playable } from "./playable.ts";
export { type CaseOutcome, playCase } from "./playCase.ts";
export type { AgreementSamples } from "./record/agreementSamples.ts";
export type * from "./record/runRecord.ts";
export type * from "./record/spreadRecord.ts";
export { checkScenario, Run, type RunOptions, runScenario } from "./run.ts";
export {
  type Look,
  NetworkRun,
  NetworkRun,
  type Playable,
  type Playable,
  type SpreadRun,
  type SpreadRun,
  spreadRun,
  spreadRun,
} from "./spreadRun.ts";
export { drawScenario } from "./swarm/drawScenario.ts";
export { type FailingCase, type ShrinkProgress, shrink } from "./swarm/shrink.ts";
export type { BridgeReorgRow } from "./world/bridgeReorg.ts";
export { Economy } from "./world/economy.ts";
export type * from "./world/economyPlan.ts";
export type { NodeView, QueuedNode, QueueFront, QueueSnapshot } from "./world/queueView.ts";
