import { mainnet } from "@fluxlab/core";
import { allScenarios } from "@fluxlab/scenarios";
import { type AnyRecord, type Playable, playable } from "@fluxlab/sim";
import { type AnyScenario, builtInNetworks, isSpread, withSettings } from "@fluxlab/sim/scenario";

// The scenarios that come with the lab, whole or their beginnings. Also bundled for the browser: no host here.

const ECONOMY_BLOCKS = "5000 blocks";
const RELAYED_BLOCKS = 20;
const FEW_NODES = 60;
const FAULTLESS = "10 min";
/** By then something has gone wrong in each scenario with faults. */
const TROUBLED_SECONDS = 22 * 60;

/** Blocks of an economy before full nodes, of proof of work. */
const LEAD_BLOCKS = 500;
const LEAD_SECONDS = LEAD_BLOCKS * mainnet.pow.targetSpacing;

/** Short enough to be played by every host, long enough that everything has begun. */
function beginning(scenario: AnyScenario): AnyScenario {
  const cut = (field: string, value: unknown) => ({ path: [field], value });
  if (!isSpread(scenario)) return withSettings(scenario, [cut("run", ECONOMY_BLOCKS)]);
  const few = cut("nodes", FEW_NODES);
  if (scenario.fidelity === "relay") return withSettings(scenario, [few, cut("blocks", RELAYED_BLOCKS)]);
  const { economy } = scenario;
  if (economy !== undefined)
    return withSettings(scenario, [{ path: ["economy", "from"], value: economy.to + 1 - LEAD_BLOCKS }]);
  return isTroubled(scenario) ? scenario : withSettings(scenario, [few, cut("run", FAULTLESS)]);
}

const isTroubled = (scenario: AnyScenario): boolean => "faults" in scenario;

const paramsOf = (scenario: AnyScenario) =>
  "network" in scenario ? builtInNetworks[scenario.network]! : mainnet;

const runOf = (scenario: AnyScenario, seed: number) => playable(scenario, paramsOf(scenario), seed);

function wholeDigestOf(run: Playable<AnyRecord>): string {
  while (!run.done) run.advance(1_000);
  return run.record().digest;
}

const shipped = (name: string): AnyScenario => allScenarios.find((each) => each.name === name)!;

/** The digest of a shipped scenario's beginning. */
export function beginningDigest(name: string, seed: number): string {
  const scenario = beginning(shipped(name));
  const run = runOf(scenario, seed);
  if (!isTroubled(scenario)) return wholeDigestOf(run);
  run.advance(TROUBLED_SECONDS + ("economy" in scenario ? LEAD_SECONDS : 0));
  return run.digest();
}

/** Names of all, the lab's order. */
export const libraryNames: readonly string[] = allScenarios.map(({ name }) => name);

/** Digests of all beginnings, by name. */
export const beginningDigests = (seed: number): Record<string, string> =>
  Object.fromEntries(libraryNames.map((name) => [name, beginningDigest(name, seed)]));

/** The digest of a shipped scenario played to its end. */
export const wholeDigest = (name: string, seed: number): string => wholeDigestOf(runOf(shipped(name), seed));
