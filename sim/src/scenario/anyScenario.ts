import { InvalidInput } from "./problems.ts";
import { decodeScenario, type Scenario } from "./schema.ts";
import { decodeNetworkScenario, decodeRelayScenario, type SpreadScenario } from "./spreadSchema.ts";

/** A scenario of whatever fidelity: without one it is of the economy. */
export type AnyScenario = Scenario | SpreadScenario;

/**
 * Checks scenario data by the schema of its fidelity.
 * @throws InvalidInput naming each path, what was expected there and what was found.
 */
export function decodeAnyScenario(data: unknown): AnyScenario {
  const fidelity =
    typeof data === "object" && data !== null && "fidelity" in data ? data.fidelity : "economy";
  if (fidelity === "economy") return decodeScenario(data);
  if (fidelity === "relay") return decodeRelayScenario(data);
  if (fidelity === "network") return decodeNetworkScenario(data);
  const expected = 'one of "economy", "relay", "network"';
  throw new InvalidInput("scenario", [{ path: ["fidelity"], expected, got: fidelity }]);
}

/**
 * A scenario in which messages travel, after somebody changed it by hand: checked again.
 * @throws InvalidInput likewise.
 */
export const checkedSpread = (scenario: SpreadScenario): SpreadScenario =>
  scenario.fidelity === "relay" ? decodeRelayScenario(scenario) : decodeNetworkScenario(scenario);

/** Whether messages travel in it: scenarios of the economy do not name their fidelity. */
export const isSpread = (scenario: AnyScenario): scenario is SpreadScenario => "fidelity" in scenario;
