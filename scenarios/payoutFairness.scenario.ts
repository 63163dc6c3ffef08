import { days, hours, oneIn, scenario } from "@fluxlab/sim/scenario";

/** Operators who stay for three weeks on average and fail often, so that every kind of stay is among them. */
export const payoutFairness = scenario({
  name: "payout-fairness",
  title: "Who the payment queue favours when nodes come and go",
  question: "Is every node paid as often as every other for its time in the queue, and what does churn cost?",
  network: "main",
  from: 1_400_000, // no halving, funding or transition falls into the run
  run: days(90),
  startDate: "2023-06-09",
  population: { begin: "established", cumulus: 1_500, nimbus: 600, stratus: 300 },
  operators: { lifetime: days(21), outageEvery: days(7), outageLength: hours(6), missedStarts: oneIn(50) },
});
