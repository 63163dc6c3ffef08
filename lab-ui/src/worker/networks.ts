import { mainnet, type Params, regtest, testnet } from "@fluxlab/core";
import { type AnyScenario, InvalidInput, labParams } from "@fluxlab/sim/scenario";

const NETWORKS: Readonly<Record<string, Params>> = {
  main: mainnet,
  test: testnet,
  regtest,
  lab: labParams,
};

/** @throws InvalidInput for a network file, which a page cannot read. */
export function networkOf(scenario: AnyScenario): Params {
  if (!("network" in scenario)) return regtest; // the relay model has no rules
  const { network } = scenario;
  const params = NETWORKS[network];
  if (params !== undefined) return params;
  const expected =
    '"main", "test", "regtest" or "lab": a page has only the built-in networks (npm run sim has files)';
  throw new InvalidInput("scenario", [{ path: ["network"], expected, got: network }]);
}
