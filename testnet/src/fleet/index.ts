export { existingRecord, order } from "./control.ts";
export type { ContainerLimits } from "./docker/dockerRunner.ts";
export { describeVerdict, ExpectationWatch, type Figures, parseExpectation } from "./expectation.ts";
export type { DoneFault } from "./faultBook.ts";
export { describeFault } from "./faults.ts";
export { bySeed, reliabilityText } from "./flakiness.ts";
export { freePorts } from "./freePorts.ts";
export { type JUnitRun, junitXml } from "./junit.ts";
export { controllerRuns, type Ended, endAll, endTestnet } from "./leftovers.ts";
export {
  LinkProxy,
  type LinkRoute,
  type LinkTrouble,
  NO_TROUBLE,
  RETRANSMISSION_MS,
  type Way,
} from "./linkProxy.ts";
export { fleetPlan, loadTestnet, type TestnetChanges } from "./loadTestnet.ts";
export { LogFollower } from "./logFollower.ts";
export { lastLogLines, logFileOf, nodeFolderOf } from "./nodeFolder.ts";
export { isObservation, keptObservation, type LoggedObservation, parseObservation } from "./observation.ts";
export { ObservedTrace } from "./observedTrace.ts";
export { PacketFaults } from "./packetFaults.ts";
export { succeeded } from "./play.ts";
export type { Prediction } from "./prediction.ts";
export { randomScenario } from "./randomScenario.ts";
export {
  DEFAULT_ROOT,
  makeRoot,
  readRecord,
  type TestnetRecord,
  testnetFolder,
  testnetNames,
} from "./registry.ts";
export { rehearseInSimulator } from "./rehearsal/inSimulator.ts";
export { rehearseOnProcesses } from "./rehearsal/onProcesses.ts";
export { loadRehearsal } from "./rehearsal/rehearsal.ts";
export { rehearsalText } from "./rehearsal/rehearsalText.ts";
export { Releases } from "./releases.ts";
export { RpcClient } from "./rpcClient.ts";
export { emptyRunFolder, outcomeJson, outcomeText, writeOutcome } from "./runFolder.ts";
export { type Executed, type PacketRule, RUNNER_KINDS } from "./runner.ts";
export { type RunnerOptions, runnerArguments, runnerChoice } from "./runnerChoice.ts";
export { hostKeyProblem } from "./ssh/hostKeys.ts";
export { loadInventory } from "./ssh/inventory.ts";
export {
  type CollectOrder,
  type ExecOrder,
  openTestnet,
  type RpcOrder,
  type Testnet,
  type TestnetStatus,
} from "./testnet.ts";
export { FACTS_FILE, type TestnetFacts } from "./testnetFacts.ts";
export { decodeTestnetScenario, type TestnetScenario } from "./testnetSchema.ts";
export { parseTime, showTime } from "./times.ts";
export {
  type ComparedCurves,
  comparedCurves,
  simulate,
  type Verification,
  verification,
  verificationText,
} from "./verify.ts";
