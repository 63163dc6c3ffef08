import { hours, networkScenario, seconds } from "@fluxlab/sim/scenario";

/** Every node runs the production node and checks every block. Where nodes stand and how fast their lines are is Bitcoin's of 2019. */
export const propagation1000 = networkScenario({
  name: "propagation-1000",
  title: "Blocks between a thousand full nodes",
  question: "How long does a block take from its miner to all others when blocks come every two minutes?",
  network: "regtest",
  nodes: 1_000,
  run: hours(2),
  blockInterval: seconds(120),
});
