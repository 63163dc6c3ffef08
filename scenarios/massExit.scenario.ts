import { days, hours, oneIn, scenario, years } from "@fluxlab/sim/scenario";

/** The tiers of proof of node lose half their operators within a day, and nobody takes their places. */
export const massExit = scenario({
  name: "mass-exit",
  title: "Half of all operators sell within a day",
  question: "How short do the queues get, how long do those who stay wait, and what do they earn?",
  network: "main",
  from: 2_100_000,
  run: days(30),
  startDate: "2025-11-21",
  population: { begin: "established", cumulus: 4_500, nimbus: 1_900, stratus: 900 },
  operators: { lifetime: years(3), outageEvery: days(60), outageLength: hours(2), missedStarts: oneIn(200) },
  shocks: [{ kind: "exit", at: days(10), share: oneIn(2), length: days(1) }],
});
