import { minutes, networkScenario, oneIn, seconds } from "@fluxlab/sim/scenario";

/** The Flux upgrade, which doubles what FluxNodes get, comes twenty minutes into the run; a third of the nodes know of it after an hour. */
export const lateUpgraders = networkScenario({
  name: "late-upgraders",
  title: "An upgrade that a third of the nodes miss",
  question: "When do nodes with old rules leave the chain, and do they come back when they are upgraded?",
  network: "lab",
  nodes: 40,
  run: minutes(90),
  blockInterval: seconds(30),
  miners: 20,
  fluxnodes: { cumulus: 12, nimbus: 8, stratus: 6 },
  fluxUpgrade: 40,
  faults: [{ fault: "late-upgrade", at: minutes(60), nodes: { share: oneIn(3) } }],
});
