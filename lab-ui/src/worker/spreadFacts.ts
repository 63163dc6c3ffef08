import { BITCOIN_2019 } from "@fluxlab/sim";
import { parseDuration, type SpreadScenario } from "@fluxlab/sim/scenario";
import type { SpreadFacts } from "../backend/library.ts";

const secondsOf = (text: string): number => {
  const duration = parseDuration(text);
  return duration !== undefined && "seconds" in duration ? duration.seconds : 0;
};

/** What a card shows of a scenario in which messages travel; it was checked. */
export function spreadFacts(scenario: SpreadScenario): SpreadFacts {
  const interval = secondsOf(scenario.blockInterval);
  const seconds = scenario.fidelity === "relay" ? scenario.blocks * interval : secondsOf(scenario.run);
  const blocks = scenario.fidelity === "relay" ? scenario.blocks : Math.round(seconds / interval);
  const faults = scenario.fidelity === "relay" ? [] : (scenario.faults ?? []);
  return {
    nodes: scenario.nodes,
    seconds,
    blocks,
    regions: BITCOIN_2019.shares,
    faults: faults.map(({ fault, at, for: length }) => {
      const from = secondsOf(at);
      const to = from + (length === undefined ? 0 : secondsOf(length));
      return { name: fault, from: from / seconds, to: to / seconds };
    }),
  };
}
