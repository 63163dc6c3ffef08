import { blocks, days, hours, oneIn, scenario, years } from "@fluxlab/sim/scenario";

/** From the second halving on, as long as the distance between halvings; the third one is suppressed by the rules. */
export const halving25Years = scenario({
  name: "halving-2.5-years",
  title: "A whole halving interval with 15,000 nodes",
  question: "What do the tiers earn, block by block, over the 655,350 blocks between two halvings?",
  network: "main",
  from: 1_313_200,
  run: blocks(655_350),
  startDate: "2023-02-08",
  population: { begin: "established", cumulus: 10_000, nimbus: 3_500, stratus: 1_500 },
  operators: {
    lifetime: years(2),
    outageEvery: days(60),
    outageLength: hours(2),
    missedStarts: oneIn(200),
  },
});
