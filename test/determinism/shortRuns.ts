import { mainnet, regtest } from "@fluxlab/core";
import { playable } from "@fluxlab/sim";
import {
  days,
  flux,
  hours,
  minutes,
  networkScenario,
  oneIn,
  relayScenario,
  type Scenario,
  type SpreadScenario,
  scenario,
  seconds,
} from "@fluxlab/sim/scenario";

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
  shocks: [
    { kind: "benchmarkFailure", at: days(4), share: "1 in 2", length: hours(30) },
    { kind: "exit", at: days(15), tiers: ["cumulus", "stratus"], share: "1 in 3", length: hours(12) },
  ],
  bridge: {
    source: "FLUX",
    target: "ETH",
    amount: flux(2_000),
    confirmations: [1, 5, 10],
    reorganisations: [1, 5, 10, 20],
  },
  fusion: {
    float: flux(60_000),
    refill: { below: oneIn(3), after: hours(20) },
    flows: [
      { source: "BSC", target: "ETH", swapsPerDay: 60, amount: flux(1_000), sizes: "heavy" },
      { source: "FLUX", target: "SOL", swapsPerDay: 40, amount: flux(900), sizes: "uniform" },
      {
        ...{ source: "SOL", target: "FLUX", swapsPerDay: 15, amount: flux(1_200), sizes: "equal" },
        surge: { from: days(3), for: days(2), times: 4 },
      },
    ],
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

/** Blocks cross each other, and with them all kinds of messages. */
const crossingBlocks = relayScenario({
  name: "crossing-blocks",
  title: "The relay model with blocks that cross",
  nodes: 200,
  blocks: 60,
  blockInterval: seconds(3),
});

/** Full nodes with wrong clocks, pings, and blocks that cross. */
const crossingNodes = networkScenario({
  name: "crossing-nodes",
  title: "Full nodes whose blocks cross",
  network: "regtest",
  nodes: 20,
  run: minutes(5),
  blockInterval: seconds(3),
  topology: { smallWorld: { degree: 3, rewiredPerMille: 200 } },
  miners: 10,
  clocks: { offset: seconds(2), driftPpm: 50 },
  keepAlive: true,
});

/** FluxNodes, a cut, a selfish miner, and rules that some nodes learn of late. */
const troubledNodes = networkScenario({
  name: "troubled-nodes",
  title: "Full nodes and FluxNodes under faults",
  network: "lab",
  nodes: 12,
  run: minutes(8),
  blockInterval: seconds(10),
  miners: 6,
  hashRates: [{ node: 0, rate: 4 }],
  fluxnodes: { cumulus: 3, nimbus: 2, stratus: 2 },
  fluxUpgrade: 10,
  faults: [
    { fault: "selfish-mining", at: minutes(0), for: minutes(3), nodes: { ids: [0] } },
    { fault: "partition", at: minutes(1), for: minutes(2), nodes: { tier: "stratus" } },
    { fault: "late-upgrade", at: minutes(4), nodes: { share: oneIn(3) } },
  ],
});

/** The relay model takes no network, the other runs on regtest's rules. */
const spreadScenarios: readonly SpreadScenario[] = [crossingBlocks, crossingNodes, troubledNodes];

const SEED = 7;

/** What a host needs to play the runs of the economy. */
export const economyRuns = shortScenarios.map((each) => ({ scenario: each, params: mainnet, seed: SEED }));

/** And all. */
export const shortRuns = [
  ...economyRuns,
  ...spreadScenarios.map((each) => ({ scenario: each, params: regtest, seed: SEED })),
];

/** Digests of the short runs, in order, played here in one go. */
export const shortDigests = (seed = SEED): string[] => slicedDigests(Number.MAX_SAFE_INTEGER, seed);

/** The same, played so many steps at a time. */
export const slicedDigests = (steps: number, seed = SEED): string[] =>
  shortRuns.map(({ scenario: each, params }) => {
    const run = playable(each, params, seed);
    while (!run.done) run.advance(steps);
    return run.record().digest;
  });
