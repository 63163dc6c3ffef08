import { hours, networkScenario, seconds } from "@fluxlab/sim/scenario";

/** The network of propagation-1000, fewer nodes, blocks every three seconds: change blockInterval and compare the stale rates. */
export const blockInterval = networkScenario({
  name: "block-interval",
  title: "Blocks that come almost as fast as they spread",
  question: "Which part of the work is lost on branches when blocks come every three seconds?",
  network: "regtest",
  nodes: 200,
  run: hours(1),
  blockInterval: seconds(3),
});
