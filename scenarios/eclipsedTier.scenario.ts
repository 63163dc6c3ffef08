import { minutes, networkScenario, seconds } from "@fluxlab/sim/scenario";

/** The nodes that run Stratus FluxNodes are connected with three nodes of an attacker only, who pass on nothing of theirs. */
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
  faults: [
    {
      fault: "eclipse",
      at: minutes(20),
      for: minutes(60),
      nodes: { tier: "stratus" },
      attackers: [37, 38, 39],
    },
  ],
});
