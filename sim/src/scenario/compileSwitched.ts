import { type Params, perTier, type StateContents, TIERS } from "@fluxlab/core";
import type { EconomyPlan } from "../world/economyPlan.ts";
import { modelledRules } from "../world/labGenesis.ts";
import { labRules } from "../world/labRules.ts";
import { withLabKeys } from "../world/worldStart.ts";
import { compileEconomy } from "./compile.ts";
import { upgradesOf } from "./compileSpread.ts";
import { InvalidInput } from "./problems.ts";
import { type Scenario, withDefaults } from "./schema.ts";
import type { NetworkScenario } from "./spreadSchema.ts";

// Scenarios that are played as an economy, then by full nodes, then perhaps as an economy again: one chain under one set of rules.

/** A scenario of full nodes with an economy before them. */
export type SwitchedScenario = NetworkScenario & {
  readonly economy: NonNullable<NetworkScenario["economy"]>;
};

/** Whether an economy is played before the full nodes. */
export const isSwitched = (scenario: NetworkScenario): scenario is SwitchedScenario =>
  scenario.economy !== undefined;

/** The rules of all parts. An upgrade of the laboratory's network counts from the full nodes' first block. */
export function switchedRules(scenario: SwitchedScenario, base: Params): Params {
  if (scenario.network !== "lab") return withLabKeys(modelledRules(base));
  const { population, to } = scenario.economy;
  const atEnd = TIERS.map((tier) => population[tier]).map((each) =>
    typeof each === "number" ? each : each.atEnd,
  );
  const fluxnodes = Math.max(
    atEnd.reduce((sum, count) => sum + count, 0),
    1,
  );
  return labRules(upgradesOf(scenario, to, fluxnodes));
}

/** The economy before the full nodes. @throws InvalidInput with places below "economy" */
export const compileBefore = (scenario: SwitchedScenario, rules: Params, seed: number): EconomyPlan =>
  placed(() => {
    const { pon } = rules.upgrades;
    if (scenario.economy.to >= pon.height) {
      const expected = `a height below ${pon.height}: the full nodes take over before proof of node`;
      throw new InvalidInput("scenario", [{ path: ["to"], expected, got: scenario.economy.to }]);
    }
    return compileEconomy(asEconomy(scenario, scenario.economy), rules, seed);
  });

/**
 * The economy after the full nodes, on the chain that they left: its operators go on, as many as there are. Shocks are over.
 * Undefined if there is to be none.
 */
export function compileAfter(
  scenario: SwitchedScenario,
  rules: Params,
  seed: number,
  state: StateContents,
): EconomyPlan | undefined {
  const { after, shocks: _over, ...economy } = scenario.economy;
  if (after === undefined) return undefined;
  const nodes = [...state.fluxnodes()];
  const counts = perTier((tier) => nodes.filter(({ identity }) => identity.tier === tier).length);
  const population = { ...economy.population, ...counts };
  const { to: _to, ...people } = economy;
  const goesOn = { ...people, population, from: state.height + 1, run: after };
  const plan = placed(() => compileEconomy(asEconomy(scenario, goesOn), rules, seed));
  const supply = state.supply.transparent + state.supply.sprout;
  return { ...plan, seed: `${seed}/after`, beginning: { nodes, supply } };
}

/** The same people in a scenario of the economy. */
const asEconomy = (
  { name, title, network }: NetworkScenario,
  part: Omit<SwitchedScenario["economy"], "after" | "to"> & { to?: number; run?: string },
): Scenario => withDefaults({ name, title, network, ...part });

function placed<T>(compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(
      "scenario",
      error.problems.map((problem) => ({ ...problem, path: ["economy", ...problem.path] })),
    );
  }
}
