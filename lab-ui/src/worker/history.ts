import { blockSubsidy, maxIssued, secondsBetween, targetSpacing } from "@fluxlab/core";
import { fluxNumber } from "@fluxlab/reports/metrics";
import type { Scenario } from "@fluxlab/sim/scenario";
import type { SupplyHistory } from "../backend/library.ts";
import { networkOf } from "./networks.ts";

/** Points, as many as a run has samples. */
const POINTS = 480;
const DAY = 86_400;

/** What the network's schedule had issued before the scenario's first block, if every block claimed all it might. */
export function supplyHistory(scenario: Scenario): SupplyHistory {
  const params = networkOf(scenario);
  const last = scenario.from - 1;
  const heights = Array.from({ length: POINTS }, (_, i) => Math.round((last * i) / (POINTS - 1)));
  const column = (value: (height: number) => number) => Float64Array.from(heights, value);
  return {
    seconds: column((height) => -secondsBetween(params, height, scenario.from)),
    supply: column((height) => fluxNumber(maxIssued(params, height))),
    perDay: column(
      (height) => (fluxNumber(blockSubsidy(params, height)) * DAY) / targetSpacing(params, height),
    ),
  };
}
