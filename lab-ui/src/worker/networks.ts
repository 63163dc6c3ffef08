import { mainnet, type Params, regtest, testnet } from "@fluxlab/core";
import { InvalidInput, type Scenario } from "@fluxlab/sim/scenario";

const NETWORKS: Readonly<Record<string, Params>> = { main: mainnet, test: testnet, regtest };

/** @throws InvalidInput for a network file, which a page cannot read. */
export function networkOf({ network }: Scenario): Params {
  const params = NETWORKS[network];
  if (params !== undefined) return params;
  const expected =
    '"main", "test" or "regtest": a page has only the built-in networks (npm run sim has files)';
  throw new InvalidInput("scenario", [{ path: ["network"], expected, got: network }]);
}
