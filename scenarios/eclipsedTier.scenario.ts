import { minutes, networkScenario, seconds } from "@fluxlab/sim/scenario";

/** All that the nodes of Stratus operators are connected with is an attacker who passes on nothing: they hear each other at most. */
export const eclipsedTier = networkScenario({
  name: "eclipsed-tier",
  title: "The operators of one tier behind an eclipse",
  question: "How long until an eclipsed tier is no longer paid, and does it come back?",
  network: "lab",
  nodes: 40,
  run: minutes(150),
  blockInterval: seconds(30),
  miners: 20,
  fluxnodes: { cumulus: 12, nimbus: 8, stratus: 6 },
  faults: [{ fault: "partition", at: minutes(20), for: minutes(60), nodes: { tier: "stratus" } }],
});
