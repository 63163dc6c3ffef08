import { mainnet } from "@fluxlab/core";
import { runScenario } from "@fluxlab/sim";
import { blocks, scenario } from "@fluxlab/sim/scenario";

// Plays 15,000 nodes that stay for as many blocks as its argument says and prints the process's peak memory in KiB. Nobody
// comes or leaves: each newcomer is recorded, and that is not what is measured here.

runScenario(
  scenario({
    name: "memory",
    title: "15,000 nodes for a while",
    network: "main",
    from: 1_313_200,
    run: blocks(Number(process.argv[2])),
    population: { cumulus: 10_000, nimbus: 3_500, stratus: 1_500 },
    operators: { outageEvery: "60 days", outageLength: "2 h" },
  }),
  mainnet,
  1,
);
console.log(process.resourceUsage().maxRSS);
