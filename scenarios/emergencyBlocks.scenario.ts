import { hours, minutes, networkScenario, seconds } from "@fluxlab/sim/scenario";

const OFFLINE = Array.from({ length: 36 }, (_, i) => i + 4);

/** Nine of ten nodes go down just after proof of node has come, and with them most of those that could make blocks. */
export const emergencyBlocks = networkScenario({
  name: "emergency-blocks",
  title: "Too few producers are left, and keyholders help",
  question:
    "How long does proof of node stand still when nine of ten producers are gone, and what do emergency blocks change?",
  network: "lab",
  nodes: 40,
  run: hours(3),
  blockInterval: seconds(30),
  miners: 20,
  fluxnodes: { cumulus: 12, nimbus: 8, stratus: 6 },
  ponUpgrade: 10,
  keyholders: { nodes: [0, 1, 2, 3], after: minutes(2), handling: seconds(20) },
  faults: [{ fault: "kill", at: minutes(8), for: minutes(150), nodes: { ids: OFFLINE } }],
});
