import type { AnyScenario, Scenario, SpreadScenario } from "@fluxlab/sim/scenario";
import { benchmarkFailure } from "./benchmarkFailure.scenario.ts";
import { blockInterval } from "./blockInterval.scenario.ts";
import { bridgeReorg } from "./bridgeReorg.scenario.ts";
import { eclipsedTier } from "./eclipsedTier.scenario.ts";
import { emergencyBlocks } from "./emergencyBlocks.scenario.ts";
import { fusionPoolDrain } from "./fusionPoolDrain.scenario.ts";
import { halving } from "./halving.scenario.ts";
import { halving25Years } from "./halving25Years.scenario.ts";
import { halvingUnderNetwork } from "./halvingUnderNetwork.scenario.ts";
import { lateUpgraders } from "./lateUpgraders.scenario.ts";
import { majorityAttack } from "./majorityAttack.scenario.ts";
import { massExit } from "./massExit.scenario.ts";
import { partitionHeals } from "./partitionHeals.scenario.ts";
import { payoutFairness } from "./payoutFairness.scenario.ts";
import { ponActivationLateUpgraders } from "./ponActivationLateUpgraders.scenario.ts";
import { ponDecade } from "./ponDecade.scenario.ts";
import { propagation1000 } from "./propagation1000.scenario.ts";
import { rewardCycle } from "./rewardCycle.scenario.ts";
import { selfishMining } from "./selfishMining.scenario.ts";
import { simblockBitcoin2019 } from "./simblockBitcoin2019.scenario.ts";
import { whitepaper984Cumulus } from "./whitepaper984Cumulus.scenario.ts";

/** Scenarios of the economy that come with the lab, the default first. */
export const scenarios: readonly Scenario[] = [
  rewardCycle,
  whitepaper984Cumulus,
  halving25Years,
  ponDecade,
  bridgeReorg,
  payoutFairness,
  halving,
  massExit,
  benchmarkFailure,
  fusionPoolDrain,
];

/** Scenarios in which messages travel. */
export const spreadScenarios: readonly SpreadScenario[] = [
  simblockBitcoin2019,
  propagation1000,
  blockInterval,
  partitionHeals,
  selfishMining,
  majorityAttack,
  lateUpgraders,
  eclipsedTier,
  halvingUnderNetwork,
  ponActivationLateUpgraders,
  emergencyBlocks,
];

/** Every scenario that comes with the lab. */
export const allScenarios: readonly AnyScenario[] = [...scenarios, ...spreadScenarios];
