import { type Params, regtest } from "@fluxlab/core";
import { type AnyScenario, builtInNetworks, InvalidInput } from "@fluxlab/sim/scenario";

/** @throws InvalidInput for a network file, which a page cannot read. */
export function networkOf(scenario: AnyScenario): Params {
  if (!("network" in scenario)) return regtest; // the relay model has no rules
  const { network } = scenario;
  const params = builtInNetworks[network];
  if (params !== undefined) return params;
  const expected =
    '"main", "test", "regtest" or "lab": a page has only the built-in networks (npm run sim has files)';
  throw new InvalidInput("scenario", [{ path: ["network"], expected, got: network }]);
}
