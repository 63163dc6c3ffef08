import { days, flux, hours, oneIn, scenario } from "@fluxlab/sim/scenario";

/** Everyday swaps both ways on three chains; then for three days people leave BSC for ETH and the native chain. */
export const fusionPoolDrain = scenario({
  name: "fusion-pool-drain",
  title: "Swaps against what the relayer has at hand",
  question: "Which chain's swap pool runs dry first under a given swap flow, and how long is the refill?",
  network: "main",
  from: 2_100_000,
  run: days(30),
  startDate: "2025-11-21",
  population: { begin: "established", cumulus: 4_500, nimbus: 1_900, stratus: 900 },
  fusion: {
    float: flux(400_000),
    floats: [{ chain: "SOL", float: flux(150_000) }],
    refill: { below: oneIn(4), after: hours(12) },
    flows: [
      {
        source: "BSC",
        target: "ETH",
        swapsPerDay: 60,
        amount: flux(2_000),
        sizes: "heavy",
        surge: { from: days(10), for: days(3), times: 10 },
      },
      {
        source: "BSC",
        target: "FLUX",
        swapsPerDay: 60,
        amount: flux(2_000),
        sizes: "heavy",
        surge: { from: days(10), for: days(3), times: 6 },
      },
      { source: "ETH", target: "BSC", swapsPerDay: 50, amount: flux(2_000), sizes: "heavy" },
      { source: "FLUX", target: "BSC", swapsPerDay: 40, amount: flux(2_000), sizes: "heavy" },
      { source: "FLUX", target: "SOL", swapsPerDay: 30, amount: flux(1_000), sizes: "uniform" },
      { source: "SOL", target: "FLUX", swapsPerDay: 20, amount: flux(1_000), sizes: "uniform" },
    ],
  },
});
