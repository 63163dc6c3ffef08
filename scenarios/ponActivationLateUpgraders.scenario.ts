import { hours, minutes, networkScenario, oneIn, seconds } from "@fluxlab/sim/scenario";

/** Proof of node comes ten minutes into the run. A third of the nodes know of it an hour later, and four never do. */
export const ponActivationLateUpgraders = networkScenario({
  name: "pon-activation-late-upgraders",
  title: "Proof of node comes, and some nodes do not know",
  question:
    "Where do the chains part when a third of the nodes miss the change to proof of node, and what does it cost FluxNodes?",
  network: "lab",
  nodes: 40,
  run: hours(2),
  blockInterval: seconds(30),
  miners: 20,
  fluxnodes: { cumulus: 12, nimbus: 8, stratus: 6 },
  ponUpgrade: 20,
  faults: [
    { fault: "late-upgrade", at: minutes(70), nodes: { share: oneIn(3) } },
    { fault: "never-upgrade", at: seconds(0), nodes: { ids: [0, 1, 2, 3] } },
  ],
});
