import { mainnet } from "@fluxlab/core";
import { Run } from "@fluxlab/sim";
import { blocks, scenario } from "@fluxlab/sim/scenario";

// Plays 15,000 nodes that stay for as many blocks as its argument says and prints, in KiB, what the run holds after a
// collection (start with --expose-gc) and the process's peak. Nobody
// comes or leaves: each newcomer is recorded, and that is not what is measured here.

const run = new Run(
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
run.advance(run.blocksTotal);
globalThis.gc?.();
const { heapUsed, arrayBuffers } = process.memoryUsage();
console.log(
  JSON.stringify({ heldKiB: (heapUsed + arrayBuffers) / 1_024, peakKiB: process.resourceUsage().maxRSS }),
);
