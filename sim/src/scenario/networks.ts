import { mainnet, type Params, regtest, testnet } from "@fluxlab/core";
import { labParams } from "./compileSpread.ts";

/** The networks that a scenario can name without a file. */
export const builtInNetworks: Readonly<Record<string, Params>> = {
  main: mainnet,
  test: testnet,
  regtest,
  lab: labParams,
};
