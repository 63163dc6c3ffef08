import { minutes, networkScenario, oneIn, seconds } from "@fluxlab/sim/scenario";

/** A third of the nodes hear nothing of the others for a quarter of an hour, and nobody hears them. */
export const partitionHeals = networkScenario({
  name: "partition-heals",
  title: "A network that is cut in two and heals",
  question: "How many blocks does the smaller side lose, and how soon are all on one branch again?",
  network: "lab",
  nodes: 40,
  run: minutes(60),
  blockInterval: seconds(30),
  miners: 20,
  fluxnodes: { cumulus: 12, nimbus: 8, stratus: 6 },
  faults: [{ fault: "partition", at: minutes(15), for: minutes(15), nodes: { share: oneIn(3) } }],
});
