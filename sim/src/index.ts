export type { CheckedNetwork, Checker, CheckerFinding, WitnessedBlock } from "./checkers/checker.ts";
export { networkCheckers } from "./checkers/networkCheckers.ts";
export { Watchman } from "./checkers/watchman.ts";
export type { Fault } from "./faults/fault.ts";
export { type LabWorld, type LabWorldInput, LEAST_LATENCY_MS, labWorld } from "./labWorld.ts";
export { BITCOIN_2019 } from "./net/regions.ts";
export { givenTopology, linkedWith } from "./net/topology.ts";
export { type Parting, partingOfRuns } from "./partingOfRuns.ts";
export { type AnyRecord, checkAnyScenario, playable, spreadRun } from "./playable.ts";
export { type CaseOutcome, playCase } from "./playCase.ts";
export type { AgreementSamples } from "./record/agreementSamples.ts";
export type * from "./record/fusionRecord.ts";
export type * from "./record/runRecord.ts";
export type * from "./record/spreadRecord.ts";
export type { FaultBand, SpreadScene } from "./record/spreadScene.ts";
export { LOG_KINDS, type LogKind, SpreadTrace, type TraceRows } from "./record/spreadTrace.ts";
export type { RulesChain, UpgradeRecord } from "./record/upgradeRecord.ts";
export type { Adoption } from "./rehearsal/adoption.ts";
export {
  GO_CHECKS,
  type GoCheck,
  type Judgement,
  judge,
  nodeRanges,
  otherTips,
  type Question,
  type Reason,
  type Split,
} from "./rehearsal/judge.ts";
export type { MissedPayments } from "./rehearsal/missedPayments.ts";
export * from "./rehearsal/rehearsalReport.ts";
export { checkScenario, Run, type RunOptions, runScenario } from "./run.ts";
export { type Look, NetworkRun, type Playable, type SpreadRun } from "./spreadRun.ts";
export { drawScenario } from "./swarm/drawScenario.ts";
export { type FailingCase, type ShrinkProgress, shrink } from "./swarm/shrink.ts";
export { testnetRecord } from "./testnetRecord.ts";
export * from "./witness/account.ts";
export { type AccountCurves, accountCurves } from "./witness/accountCurves.ts";
export * from "./witness/chainLedger.ts";
export { type Comparison, compareAccounts } from "./witness/compareAccounts.ts";
export { NetworkWitness } from "./witness/networkWitness.ts";
export { WitnessedRun } from "./witnessedRun.ts";
export type { BridgeReorgRow } from "./world/bridgeReorg.ts";
export { type ConnectedChain, connectedChain, NoChain } from "./world/connectedChain.ts";
export { Economy } from "./world/economy.ts";
export type * from "./world/economyPlan.ts";
export type { LabFluxnode } from "./world/labFluxnode.ts";
export { LabOperator } from "./world/labOperator.ts";
export { LabPayments } from "./world/labPayments.ts";
export { type TrafficEvent, type TrafficRates, trafficEvents } from "./world/labTraffic.ts";
export type { HostedFluxnode, NetworkNodeView } from "./world/networkNodeView.ts";
export type { NodeView, QueuedNode, QueueFront, QueueSnapshot } from "./world/queueView.ts";
