import { mainnet, type Params, regtest, testnet } from "@fluxlab/core";
import { Option } from "commander";

export const NETWORKS: Readonly<Record<string, Params>> = { main: mainnet, test: testnet, regtest };

/** Names of {@link NETWORKS}. */
export type NetworkName = "main" | "test" | "regtest";

/** A fresh --network option, main unless said otherwise. */
export const networkOption = (): Option =>
  new Option("--network <name>", "whose addresses and rules").choices(Object.keys(NETWORKS)).default("main");

export const networkOf = ({ network }: { readonly network: NetworkName }): Params => NETWORKS[network]!;
