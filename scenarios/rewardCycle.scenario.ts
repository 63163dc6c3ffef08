import { days, hours, oneIn, scenario, usd, years } from "@fluxlab/sim/scenario";

/**
 * The default. 12,270 nodes is what the network was reported to have on 18 July 2022; no public count by tier of that week
 * was found, so the split is an assumption. Operators' habits and dollar figures are assumptions too: change them.
 */
export const rewardCycle = scenario({
  name: "reward-cycle",
  title: "A year of payments to the three tiers",
  question:
    "How long does each tier wait, what does a node earn in a year, and what does the halving do to it?",
  network: "main",
  from: 1_097_412, // the last collateral transition has ended; the second halving falls into the year
  run: years(1),
  startDate: "2022-04-14",
  population: { begin: "established", cumulus: 8_700, nimbus: 2_270, stratus: 1_300 },
  operators: {
    lifetime: years(2),
    outageEvery: days(60),
    outageLength: hours(2),
    missedStarts: oneIn(200),
  },
  economics: { price: usd(0.7), monthlyCost: { cumulus: usd(7), nimbus: usd(17), stratus: usd(45) } },
  parallelAssets: { model: "wp2-equal", released: 5 },
});
