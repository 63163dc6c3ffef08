import type { AnyScenario, Scenario, SpreadScenario } from "@fluxlab/sim/scenario";
import { blockInterval } from "./blockInterval.scenario.ts";
import { bridgeReorg } from "./bridgeReorg.scenario.ts";
import { halving25Years } from "./halving25Years.scenario.ts";
import { ponDecade } from "./ponDecade.scenario.ts";
import { propagation1000 } from "./propagation1000.scenario.ts";
import { rewardCycle } from "./rewardCycle.scenario.ts";
import { simblockBitcoin2019 } from "./simblockBitcoin2019.scenario.ts";
import { whitepaper984Cumulus } from "./whitepaper984Cumulus.scenario.ts";

/** Scenarios of the economy that come with the lab, the default first. */
export const scenarios: readonly Scenario[] = [
  rewardCycle,
  whitepaper984Cumulus,
  halving25Years,
  ponDecade,
  bridgeReorg,
];

/** Scenarios in which messages travel. */
export const spreadScenarios: readonly SpreadScenario[] = [
  simblockBitcoin2019,
  propagation1000,
  blockInterval,
];

/** Every scenario that comes with the lab. */
export const allScenarios: readonly AnyScenario[] = [...scenarios, ...spreadScenarios];
