import { hours, minutes, networkScenario, seconds } from "@fluxlab/sim/scenario";

/** 21 miners; one of them has as much hash rate as 11 others, 11/31 of all, and keeps its blocks to itself while it is ahead. */
export const selfishMining = networkScenario({
  name: "selfish-mining",
  title: "A selfish miner with a good third of the hash rate",
  question: "Does a miner who keeps blocks to itself get more of the chain than its part of the hash rate?",
  network: "regtest",
  nodes: 40,
  run: hours(12),
  blockInterval: seconds(60),
  miners: 21,
  hashRates: [{ node: 0, rate: 11 }],
  faults: [{ fault: "selfish-mining", at: minutes(0), for: hours(12), nodes: { ids: [0] } }],
});
