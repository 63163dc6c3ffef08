import { mainnet } from "@fluxlab/core";
import { Run, runScenario } from "@fluxlab/sim";
import { days, flux, hours, oneIn, type Scenario, scenario } from "@fluxlab/sim/scenario";

// Runs of a second or less that pass through every kind of event. Also bundled for the browser: no host here.

/** Operators who come, go, fail and miss their STARTs often, so that a short run has everything. */
const restless = {
  lifetime: days(20),
  outageEvery: days(2),
  outageLength: hours(5),
  missedStarts: oneIn(10),
} as const;

/** Two-minute blocks of proof of work, then half-minute blocks of proof of node. */
const acrossProofOfNode = scenario({
  name: "across-proof-of-node",
  title: "From proof of work into proof of node",
  network: "main",
  from: 2_010_000,
  to: 2_029_999,
  population: { cumulus: { atStart: 250, atEnd: 320 }, nimbus: { atStart: 90, atEnd: 60 }, stratus: 40 },
  operators: restless,
  bridge: {
    source: "FLUX",
    target: "ETH",
    amount: flux(2_000),
    confirmations: [1, 5, 10],
    reorganisations: [1, 5, 10, 20],
  },
});

/** All three tiers replace their collateral. */
const acrossTransitions = scenario({
  name: "across-transitions",
  title: "Through the collateral transitions",
  network: "main",
  from: 1_076_000,
  to: 1_098_000,
  population: { cumulus: 250, nimbus: 90, stratus: 40 },
  operators: restless,
});

/** Both run on the main network. */
export const shortScenarios: readonly Scenario[] = [acrossProofOfNode, acrossTransitions];

const SEED = 7;

/** Digests of the short scenarios, in order, played here in one go. */
export const shortDigests = (seed = SEED): string[] =>
  shortScenarios.map((each) => runScenario(each, mainnet, seed).digest);

/** The same, played `blocks` at a time. */
export const slicedDigests = (blocks: number): string[] =>
  shortScenarios.map((each) => {
    const run = new Run(each, mainnet, SEED);
    while (!run.done) run.advance(blocks);
    return run.record().digest;
  });

/** What a host needs to play the short scenarios itself. */
export const shortRuns = shortScenarios.map((each) => ({ scenario: each, params: mainnet, seed: SEED }));
