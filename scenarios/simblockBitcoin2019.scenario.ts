import { relayScenario, seconds } from "@fluxlab/sim/scenario";

/**
 * SimBlock's default: "Bitcoin 2019" regions, delays and speeds, the degrees of 2015, 600 s blocks (dsg-titech/simblock
 * 5fc7f9f). Nothing is checked and there are no transactions.
 */
export const simblockBitcoin2019 = relayScenario({
  name: "simblock-bitcoin-2019",
  title: "SimBlock's model of Bitcoin's relay in 2019",
  question: "How long does a block take to reach half, nine tenths and all of 9,000 nodes?",
  nodes: 9_000,
  blocks: 100,
  blockInterval: seconds(600),
});
