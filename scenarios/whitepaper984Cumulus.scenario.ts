import { days, scenario } from "@fluxlab/sim/scenario";

/** Nobody comes, goes or fails, so that the paper's arithmetic can be seen undisturbed. */
export const whitepaper984Cumulus = scenario({
  name: "whitepaper-984-cumulus",
  title: "The whitepaper's example: 984 Cumulus nodes",
  question:
    "Is a Cumulus node paid every 32.8 hours when there are 984 of them and a block every two minutes?",
  network: "main",
  from: 860_000, // May 2021, after the Flux upgrade: the shares are those of the paper
  run: days(30),
  startDate: "2021-05-19",
  population: { begin: "established", cumulus: 984, nimbus: 2_000, stratus: 300 },
});
