import { days, flux, scenario } from "@fluxlab/sim/scenario";

/** The worked example of the whitepaper, 2,000 FLUX, in every block. 39 blocks are the most that a new branch may replace. */
export const bridgeReorg = scenario({
  name: "bridge-reorg",
  title: "Swaps against reorganisations of their source",
  question:
    "How many confirmations must a lock have, and what do how many replaced blocks leave without backing if it has fewer?",
  network: "main",
  from: 2_100_000,
  run: days(1),
  startDate: "2025-11-21",
  population: { begin: "established", cumulus: 4_500, nimbus: 1_900, stratus: 900 },
  bridge: {
    source: "FLUX",
    target: "ETH",
    amount: flux(2_000),
    confirmations: [1, 2, 5, 10, 20, 40, 60, 120],
    reorganisations: [1, 2, 5, 10, 20, 39, 60, 100],
  },
});
