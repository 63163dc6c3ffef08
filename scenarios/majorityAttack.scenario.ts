import { minutes, networkScenario, seconds } from "@fluxlab/sim/scenario";

/**
 * One node mines a branch of its own behind a cut, with twice the hash rate of all others together, and shows it when the cut ends.
 * Nodes refuse branches that replace 40 blocks and more.
 */
export const majorityAttack = networkScenario({
  name: "majority-attack",
  title: "A majority attack against the limit on reorganisations",
  question: "What becomes of the network when a longer secret branch appears?",
  network: "lab",
  nodes: 30,
  run: minutes(150),
  blockInterval: seconds(30),
  miners: 11,
  hashRates: [{ node: 0, rate: 20 }],
  faults: [{ fault: "partition", at: minutes(5), for: minutes(100), nodes: { ids: [0] } }],
});
