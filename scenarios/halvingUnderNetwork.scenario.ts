import { days, hours, minutes, networkScenario, oneIn, seconds, years } from "@fluxlab/sim/scenario";

/** Two months of economy, an hour of full nodes around the halving, a month of economy; a tenth of the real number of FluxNodes. */
export const halvingUnderNetwork = networkScenario({
  name: "halving-under-network",
  title: "The second halving, among full nodes that are cut apart",
  question:
    "Does the block that halves the reward part the network, and does the money come out right when it is cut in two?",
  network: "main",
  nodes: 40,
  run: minutes(70),
  blockInterval: seconds(120),
  economy: {
    from: 1_313_200 - 60 * 720,
    to: 1_313_189,
    population: { begin: "established", cumulus: 870, nimbus: 227, stratus: 130 },
    operators: {
      lifetime: years(2),
      outageEvery: days(60),
      outageLength: hours(2),
      missedStarts: oneIn(200),
    },
    after: days(30),
  },
  faults: [{ fault: "partition", at: minutes(10), for: minutes(25), nodes: { share: oneIn(3) } }],
});
