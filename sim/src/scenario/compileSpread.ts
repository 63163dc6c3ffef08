import { type Params, Random, TIERS, type Tier, UPGRADES, type Upgrade } from "@fluxlab/core";
import type { Fault } from "../faults/fault.ts";
import {
  BITCOIN_2015_DEGREES,
  givenTopology,
  randomTopology,
  smallWorldTopology,
  type Topology,
} from "../net/topology.ts";
import { type RelayPlan, SIMBLOCK_RELAY } from "../relay/relayPlan.ts";
import { type LabNetwork, labNetwork } from "../world/labGenesis.ts";
import { HISTORY_BLOCKS, HISTORY_SPACING, type LabHistory, labHistory } from "../world/labHistory.ts";
import { EMERGENCY_KEYS, type LabUpgrades, labRules, NO_UPGRADE } from "../world/labRules.ts";
import { firstFluxnodes, firstTip, type KeyholderPlan, type NetworkPlan } from "../world/networkPlan.ts";
import type { WorldStart } from "../world/worldStart.ts";
import { compileFaults, faultProblems, microseconds } from "./compileFaults.ts";
import { InvalidInput, type Problem } from "./problems.ts";
import { regionProblems, regionsOf } from "./regionSchema.ts";
import type { NetworkScenario, RelayScenario } from "./spreadSchema.ts";

/** Where the chains of full-node runs begin, Unix seconds: 1 January 2026. */
export const START_SECONDS = 1_767_225_600;

/**
 * The relay model's numbers for a scenario: SimBlock's, but for what it says itself.
 * @throws InvalidInput for what only several fields together can tell
 */
export function compileRelay(scenario: RelayScenario, seed: number): RelayPlan {
  const problems = regionProblems(scenario.regions);
  if (problems.length > 0) throw new InvalidInput("scenario", problems);
  return {
    seed: `${seed}`,
    nodes: scenario.nodes,
    blocks: scenario.blocks,
    blockInterval: microseconds(scenario.blockInterval),
    regions: regionsOf(scenario.regions),
    degrees: BITCOIN_2015_DEGREES,
    relay: SIMBLOCK_RELAY,
  };
}

/**
 * A scenario of full nodes in the units of its world, and the network it runs on.
 * @throws InvalidInput for what only several fields together can tell
 */
export function compileNetwork(
  scenario: NetworkScenario,
  base: Params,
  seed: number,
  start?: WorldStart,
): { readonly plan: NetworkPlan; readonly lab: LabNetwork; readonly faults: readonly Fault[] } {
  const ahead = upgradesAhead(scenario, base, start);
  const problems = problemsOf(scenario, ahead.length > 0);
  if (problems.length > 0) throw new InvalidInput("scenario", problems);
  const { nodes, clocks, keepAlive, wire } = scenario;
  const lab =
    start === undefined ? networkOf(scenario, base) : { params: start.params, genesis: start.chain.block };
  const begun = scenario.network === "lab" && start === undefined;
  const history = begun ? rememberedHistory(lab, tiersOf(scenario)) : undefined;
  const fluxnodes = firstFluxnodes({ start, history });
  const root = Random.root(`${seed}`);
  const plan = {
    params: lab.params,
    late: undefined,
    history,
    start,
    swaps: scenario.swaps,
    keyholders: keyholdersOf(scenario),
    operators: hosts(fluxnodes.length, nodes, root.fork("hosts")),
    seed: `${seed}`,
    nodes,
    duration: microseconds(scenario.run),
    startSeconds: start?.seconds ?? START_SECONDS,
    regions: regionsOf(scenario.regions),
    topology: makeTopology(scenario, root.fork("topology")),
    blockInterval: microseconds(scenario.blockInterval),
    hashRate: hashRates(scenario, root.fork("miners")),
    clocks: { offset: microseconds(clocks.offset), drift: clocks.driftPpm },
    keepAlive,
    wire,
  };
  const faults = compileFaults(scenario.faults ?? [], { ...plan, fluxnodes });
  const late = faults.flatMap((fault) => (fault.kind === "upgrade" ? fault.nodes : []));
  if (late.length === 0) return { plan, lab, faults };
  return { plan: { ...plan, late: { params: oldRules(lab, ahead), nodes: late } }, lab, faults };
}

/** The laboratory's own network begins with a history; others at genesis, by their own rules. */
function networkOf(scenario: NetworkScenario, base: Params): LabNetwork {
  if (scenario.network !== "lab") return labNetwork(base, START_SECONDS);
  const begin = START_SECONDS - (HISTORY_BLOCKS + 1) * HISTORY_SPACING;
  return labNetwork(labRules(upgradesOf(scenario, HISTORY_BLOCKS, tiersOf(scenario).length)), begin);
}

/**
 * Heights of the upgrades in the run, which begins after block `base` with so many FluxNodes. What comes before proof of node comes with
 * the first block if nothing else is said.
 */
export function upgradesOf(
  { fluxUpgrade, ponUpgrade, ponSpacing }: NetworkScenario,
  base: number,
  fluxnodes: number,
): LabUpgrades {
  const spacing = ponSpacing === undefined ? {} : { spacing: microseconds(ponSpacing) / 1_000_000 };
  const flux = fluxUpgrade ?? (ponUpgrade === undefined ? undefined : 1);
  return {
    ...(flux === undefined ? {} : { flux: base + flux }),
    ...(ponUpgrade === undefined ? {} : { pon: { height: base + ponUpgrade, fluxnodes, ...spacing } }),
  };
}

/** Histories made so far: runs of the same FluxNodes begin alike, whatever upgrades come later. */
const histories = new Map<string, LabHistory>();
const MOST_HISTORIES = 64;

function rememberedHistory(lab: LabNetwork, tiers: readonly Tier[]): LabHistory {
  const name = `${lab.params.genesis.hash} ${tiers.join()}`;
  const known = histories.get(name);
  if (known !== undefined) return known;
  if (histories.size === MOST_HISTORIES) histories.clear();
  const made = labHistory(lab, tiers);
  histories.set(name, made);
  return made;
}

/**
 * The upgrades that the run is about: those that the scenario of a laboratory network names, or all that are still ahead of a chain
 * that was made elsewhere.
 */
function upgradesAhead(
  { network, economy, fluxUpgrade, ponUpgrade }: NetworkScenario,
  { upgrades }: Params,
  start: WorldStart | undefined,
): readonly Upgrade[] {
  const height = start?.chain.state.height ?? economy?.to;
  if (network !== "lab" && height !== undefined)
    return UPGRADES.filter((name) => upgrades[name].height > height && upgrades[name].height < NO_UPGRADE);
  return [
    ...(fluxUpgrade === undefined ? [] : (["flux"] as const)),
    ...(fluxUpgrade === undefined || ponUpgrade === undefined ? [] : (["halving", "p2shNodes"] as const)),
    ...(ponUpgrade === undefined ? [] : (["pon"] as const)),
  ];
}

/** The same rules as somebody has them who knows nothing of these upgrades. */
function oldRules({ params }: LabNetwork, unknown: readonly Upgrade[]): Params {
  const { upgrades } = params;
  const never = unknown.map((name) => [name, { ...upgrades[name], height: NO_UPGRADE }]);
  return { ...params, upgrades: { ...upgrades, ...Object.fromEntries(never) } };
}

/** Height of the upgrade that the run's record tells of: the last that the scenario names, or the next where some come late. */
export function upgradeToRecord(
  { ponUpgrade, fluxUpgrade }: NetworkScenario,
  plan: NetworkPlan,
): number | undefined {
  const named = ponUpgrade ?? fluxUpgrade;
  if (named !== undefined) return firstTip(plan) + named;
  if (plan.late === undefined) return undefined;
  const heights = UPGRADES.map((name) => plan.params.upgrades[name].height);
  return heights.filter((height) => height > firstTip(plan)).sort((a, b) => a - b)[0];
}

const tiersOf = ({ fluxnodes }: NetworkScenario): Tier[] =>
  fluxnodes === undefined ? [] : TIERS.flatMap((tier) => new Array<Tier>(fluxnodes[tier]).fill(tier));

/** Handling takes them a minute if nothing is said. */
const keyholdersOf = ({ keyholders }: NetworkScenario): KeyholderPlan | undefined =>
  keyholders && {
    nodes: keyholders.nodes,
    after: microseconds(keyholders.after),
    handling: microseconds(keyholders.handling ?? "1 min"),
  };

/** Each FluxNode runs on a node of its own while there are any. */
function hosts(fluxnodes: number, nodes: number, random: Random): number[] {
  const order = Array.from({ length: nodes }, (_, node) => node);
  random.shuffle(order);
  return Array.from({ length: fluxnodes }, (_, i) => order[i % nodes]!);
}

/** Who mines is drawn, and each has one part; but those whose part is said, who are among the miners. */
function hashRates({ nodes, miners, hashRates: given = [] }: NetworkScenario, random: Random): Uint32Array {
  const rates = new Uint32Array(nodes).fill(1, 0, miners);
  random.shuffle(rates);
  for (const { node, rate } of given) {
    const other = rates.findIndex((each, i) => each === 1 && given.every((one) => one.node !== i));
    if (rates[node] === 0 && other >= 0) rates[other] = 0; // there are as many miners as before
    rates[node] = rate;
  }
  return rates;
}

function makeTopology({ nodes, topology }: NetworkScenario, random: Random): Topology {
  if ("random" in topology) return randomTopology(new Uint8Array(nodes).fill(topology.random), random);
  if ("links" in topology) return givenTopology(nodes, topology.links);
  const { degree, rewiredPerMille } = topology.smallWorld;
  return smallWorldTopology(nodes, degree, rewiredPerMille, random);
}

/** `upgrade`: whether rules change in the run. */
function problemsOf(scenario: NetworkScenario, upgrade: boolean): Problem[] {
  const { nodes, miners, topology, faults, network, fluxnodes, fluxUpgrade, ponUpgrade, run, hashRates } =
    scenario;
  const problems: Problem[] = faultProblems(faults ?? [], {
    nodes,
    duration: microseconds(run),
    upgrade,
    regions: regionsOf(scenario.regions).names,
  });
  problems.push(...regionProblems(scenario.regions));
  for (const [field, got] of [
    ["fluxnodes", fluxnodes],
    ["fluxUpgrade", fluxUpgrade],
    ["ponUpgrade", ponUpgrade],
  ] as const) {
    if (got !== undefined && network !== "lab") {
      problems.push({ path: [field], expected: 'no such field, or the network "lab"', got });
    }
  }
  if (scenario.economy !== undefined && fluxnodes !== undefined) {
    problems.push({
      path: ["fluxnodes"],
      expected: "no such field: the economy has the FluxNodes",
      got: fluxnodes,
    });
  }
  if (ponUpgrade !== undefined && scenario.economy === undefined && tiersOf(scenario).length === 0) {
    problems.push({
      path: ["fluxnodes"],
      expected: "at least one FluxNode, as those make the blocks",
      got: fluxnodes,
    });
  }
  if (ponUpgrade !== undefined && fluxUpgrade !== undefined && fluxUpgrade > ponUpgrade) {
    const expected = `at most ${ponUpgrade}: the Flux upgrade comes before proof of node`;
    problems.push({ path: ["fluxUpgrade"], expected, got: fluxUpgrade });
  }
  problems.push(...keyholderProblems(scenario));
  if (miners > nodes) {
    problems.push({ path: ["miners"], expected: `at most ${nodes}, as there are nodes`, got: miners });
  }
  if ("smallWorld" in topology && topology.smallWorld.degree * 2 >= nodes) {
    const expected = `less than half of the ${nodes} nodes`;
    problems.push({ path: ["topology", "smallWorld", "degree"], expected, got: topology.smallWorld.degree });
  }
  for (const [i, { node }] of (hashRates ?? []).entries()) {
    if (node >= nodes) {
      problems.push({ path: ["hashRates", i, "node"], expected: `a node from 0 to ${nodes - 1}`, got: node });
    }
  }
  if ("links" in topology) problems.push(...linkProblems(nodes, topology.links));
  return problems;
}

function keyholderProblems({ nodes, ponUpgrade, keyholders }: NetworkScenario): Problem[] {
  if (keyholders === undefined) return [];
  if (ponUpgrade === undefined) {
    return [{ path: ["keyholders"], expected: "no such field, or a ponUpgrade", got: keyholders }];
  }
  const { length: keys } = EMERGENCY_KEYS;
  const { nodes: at } = keyholders;
  const fits = at.length >= 2 && at.length <= keys && new Set(at).size === at.length;
  if (fits && at.every((node) => node < nodes)) return [];
  const expected = `2 to ${keys} different nodes from 0 to ${nodes - 1}, one for each keyholder`;
  return [{ path: ["keyholders", "nodes"], expected, got: at }];
}

function linkProblems(nodes: number, links: readonly (readonly [number, number])[]): Problem[] {
  const pairs = new Set<string>();
  return links.flatMap(([from, to], i) => {
    const pair = from < to ? `${from}-${to}` : `${to}-${from}`;
    const twice = pairs.has(pair);
    pairs.add(pair);
    const path = ["topology", "links", i];
    if (from >= nodes || to >= nodes) {
      return [{ path, expected: `two node numbers from 0 to ${nodes - 1}`, got: [from, to] }];
    }
    if (from === to) return [{ path, expected: "two different nodes", got: [from, to] }];
    return twice ? [{ path, expected: "each pair of nodes once", got: [from, to] }] : [];
  });
}

/** The rules of the network "lab", without an upgrade to come. */
export const labParams: Params = labRules({});
