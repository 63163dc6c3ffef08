import type { Scenario } from "@fluxlab/sim/scenario";
import { bridgeReorg } from "./bridgeReorg.scenario.ts";
import { halving25Years } from "./halving25Years.scenario.ts";
import { ponDecade } from "./ponDecade.scenario.ts";
import { rewardCycle } from "./rewardCycle.scenario.ts";
import { whitepaper984Cumulus } from "./whitepaper984Cumulus.scenario.ts";

/** Every scenario that comes with the lab, the default first. */
export const scenarios: readonly Scenario[] = [
  rewardCycle,
  whitepaper984Cumulus,
  halving25Years,
  ponDecade,
  bridgeReorg,
];
