import { blockSubsidy, COIN, type Params, perTier, secondsBetween } from "@fluxlab/core";
import { checkScenario } from "@fluxlab/sim";
import { durationInBlocks, parseDuration, type Scenario } from "@fluxlab/sim/scenario";
import type { ScenarioFacts } from "../backend/library.ts";
import { networkOf } from "./networks.ts";

/** Points of the subsidy's line; a card is narrower than that. */
const POINTS = 160;

/** What a card shows of a scenario. @throws InvalidInput if it does not fit its network. */
export function scenarioFacts(scenario: Scenario): ScenarioFacts {
  const params = networkOf(scenario);
  const { firstHeight, lastHeight } = checkScenario(scenario, params);
  const blocks = lastHeight - firstHeight + 1;
  const partOfRun = (at: string) => {
    const duration = parseDuration(at);
    return duration === undefined ? 0 : durationInBlocks(params, firstHeight, duration) / blocks;
  };
  return {
    firstHeight,
    lastHeight,
    seconds: secondsBetween(params, firstHeight, lastHeight),
    subsidy: subsidyLine(params, firstHeight, lastHeight),
    population: perTier((tier) => {
      const count = scenario.population[tier];
      return typeof count === "number" ? [count, count] : [count.atStart, count.atEnd];
    }),
    shocks: (scenario.shocks ?? []).map(({ at }) => partOfRun(at)),
  };
}

function subsidyLine(params: Params, first: number, last: number): number[] {
  const steps = Math.min(POINTS, last - first) || 1;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const height = first + Math.floor(((last - first) * i) / steps);
    return Number(blockSubsidy(params, height)) / Number(COIN);
  });
}
