import { days, hours, oneIn, scenario, usd, years } from "@fluxlab/sim/scenario";

/** Two months on either side of the second halving. Who leaves, and when, is an assumption; so are the dollar figures. */
export const halving = scenario({
  name: "halving",
  title: "The second halving, and the operators it drives out",
  question:
    "What does a node earn before and after the halving, and how much of it come the leavers give back?",
  network: "main",
  from: 1_313_200 - 60 * 720,
  run: days(120),
  startDate: "2022-12-10",
  population: { begin: "established", cumulus: 8_700, nimbus: 2_270, stratus: 1_300 },
  operators: { lifetime: years(2), outageEvery: days(60), outageLength: hours(2), missedStarts: oneIn(200) },
  shocks: [
    { kind: "exit", at: days(62), tiers: ["cumulus", "nimbus"], share: oneIn(5), length: days(30) },
    { kind: "exit", at: days(62), tiers: ["stratus"], share: oneIn(10), length: days(30) },
  ],
  economics: { price: usd(0.5), monthlyCost: { cumulus: usd(7), nimbus: usd(17), stratus: usd(45) } },
});
