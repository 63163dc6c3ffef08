import { checkAnyScenario, playable, runScenario } from "@fluxlab/sim";
import {
  editScenarioText,
  formatScenario,
  InvalidInput,
  InvalidScenarioText,
  isSpread,
  parseScenario,
  placeInText,
} from "@fluxlab/sim/scenario";
import type { CheckedText } from "../backend/library.ts";
import { scenarioFacts } from "./facts.ts";
import { forceLayout } from "./forceLayout.ts";
import { supplyHistory } from "./history.ts";
import type { ToolsApi } from "./labApi.ts";
import { networkOf } from "./networks.ts";
import { spreadFacts } from "./spreadFacts.ts";

/** Milliseconds of playing that a speed is measured over. */
const MEASURED_MS = 150;

function check(text: string): CheckedText {
  try {
    const scenario = parseScenario(text);
    if (!isSpread(scenario)) return { scenario, facts: scenarioFacts(scenario), yaml: text };
    checkAnyScenario(scenario, networkOf(scenario));
    return { scenario, facts: spreadFacts(scenario), yaml: text };
  } catch (error) {
    if (error instanceof InvalidScenarioText) return { problems: error.problems };
    if (error instanceof InvalidInput) return { problems: placeInText(error.problems, text) };
    throw error;
  }
}

/** What needs no run that somebody watches. */
export const tools: ToolsApi = {
  check,
  format: formatScenario,
  edit: editScenarioText,
  speed(scenario) {
    const run = playable(scenario, networkOf(scenario), scenario.seed);
    const chunk = Math.max(1, Math.ceil(run.stepsTotal / 2_000));
    const start = performance.now();
    let spent = 0;
    while (!run.done && spent < MEASURED_MS) {
      run.advance(chunk);
      spent = performance.now() - start;
    }
    const perSecond = run.stepsDone / (Math.max(spent, 0.1) / 1_000);
    return { perSecond, seconds: run.stepsTotal / perSecond };
  },
  play: (scenario, seed) => runScenario(scenario, networkOf(scenario), seed),
  history: supplyHistory,
  layOut: forceLayout,
};
