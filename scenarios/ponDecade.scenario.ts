import { days, flux, hours, oneIn, scenario, years } from "@fluxlab/sim/scenario";

/** From the first proof-of-node block on. Issuance passes the cap in the second year; the report says at which height. */
export const ponDecade = scenario({
  name: "pon-decade",
  title: "Ten years of proof of node",
  question:
    "When does the proof-of-node schedule pass 440 million FLUX, and what is left for each tier by then?",
  network: "main",
  from: 2_020_000,
  run: years(10),
  startDate: "2025-10-25",
  supplyCap: flux(440_000_000),
  population: { begin: "established", cumulus: 4_500, nimbus: 1_900, stratus: 900 },
  operators: {
    lifetime: years(3),
    outageEvery: days(60),
    outageLength: hours(2),
    missedStarts: oneIn(200),
  },
});
