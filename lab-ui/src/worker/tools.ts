import { Run, runScenario } from "@fluxlab/sim";
import {
  editScenarioText,
  formatScenario,
  InvalidInput,
  InvalidScenarioText,
  isSpread,
  type Problem,
  parseScenario,
  placeInText,
} from "@fluxlab/sim/scenario";
import type { CheckedText } from "../backend/library.ts";
import { scenarioFacts } from "./facts.ts";
import type { ToolsApi } from "./labApi.ts";
import { networkOf } from "./networks.ts";

/** Milliseconds of playing that a speed is measured over. */
const MEASURED_MS = 150;

function check(text: string): CheckedText {
  try {
    const scenario = parseScenario(text);
    if (isSpread(scenario)) throw new InvalidInput("scenario", [notInThePage(scenario.fidelity)]);
    return { scenario, facts: scenarioFacts(scenario), yaml: text };
  } catch (error) {
    if (error instanceof InvalidScenarioText) return { problems: error.problems };
    if (error instanceof InvalidInput) return { problems: placeInText(error.problems, text) };
    throw error;
  }
}

/** The page plays the economy; runs in which messages travel are played by `npm run sim`. */
const notInThePage = (fidelity: string): Problem => ({
  path: ["fidelity"],
  expected: "a scenario of the economy (npm run sim plays the others)",
  got: fidelity,
});

/** What needs no run that somebody watches. */
export const tools: ToolsApi = {
  check,
  format: formatScenario,
  edit: editScenarioText,
  speed(scenario) {
    const run = new Run(scenario, networkOf(scenario), scenario.seed);
    const chunk = Math.max(1, Math.ceil(run.blocksTotal / 2_000));
    const start = performance.now();
    let spent = 0;
    while (!run.done && spent < MEASURED_MS) {
      run.advance(chunk);
      spent = performance.now() - start;
    }
    const blocksPerSecond = run.blocksDone / (Math.max(spent, 0.1) / 1_000);
    return { blocksPerSecond, seconds: run.blocksTotal / blocksPerSecond };
  },
  play: (scenario, seed) => runScenario(scenario, networkOf(scenario), seed),
};
