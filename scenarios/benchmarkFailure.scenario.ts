import { days, hours, oneIn, scenario, years } from "@fluxlab/sim/scenario";

/**
 * A third of the benchmarks fail twice: for less than the 160 blocks (of two minutes; 640 of proof of node) for which a
 * confirmation lasts without an update, and for more.
 */
export const benchmarkFailure = scenario({
  name: "benchmark-failure",
  title: "Two waves of failed benchmarks",
  question: "How long may benchmarks fail before nodes lose their places, and how long are they away?",
  network: "main",
  from: 2_100_000,
  run: days(10),
  startDate: "2025-11-21",
  population: { begin: "established", cumulus: 4_500, nimbus: 1_900, stratus: 900 },
  operators: { lifetime: years(3), outageEvery: days(60), outageLength: hours(2), missedStarts: oneIn(200) },
  shocks: [
    { kind: "benchmarkFailure", at: days(2), share: oneIn(3), length: hours(1) },
    { kind: "benchmarkFailure", at: days(5), share: oneIn(3), length: hours(12) },
  ],
});
