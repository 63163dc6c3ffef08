import { type Params, Random, TIERS, type Tier, type Upgrade } from "@fluxlab/core";
import type { Fault } from "../faults/fault.ts";
import { BITCOIN_2019 } from "../net/regions.ts";
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
import type { KeyholderPlan, NetworkPlan } from "../world/networkPlan.ts";
import { compileFaults, faultProblems, microseconds } from "./compileFaults.ts";
import { InvalidInput, type Problem } from "./problems.ts";
import type { NetworkScenario, RelayScenario } from "./spreadSchema.ts";

/** Where the chains of full-node runs begin, Unix seconds: 1 January 2026. */
const START_SECONDS = 1_767_225_600;

/** The relay model's numbers for a scenario: SimBlock's, but for what it says itself. */
export const compileRelay = (scenario: RelayScenario, seed: number): RelayPlan => ({
  seed: `${seed}`,
  nodes: scenario.nodes,
  blocks: scenario.blocks,
  blockInterval: microseconds(scenario.blockInterval),
  regions: BITCOIN_2019,
  degrees: BITCOIN_2015_DEGREES,
  relay: SIMBLOCK_RELAY,
});

/**
 * A scenario of full nodes in the units of its world, and the network it runs on.
 * @throws InvalidInput for what only several fields together can tell
 */
export function compileNetwork(
  scenario: NetworkScenario,
  base: Params,
  seed: number,
): { readonly plan: NetworkPlan; readonly lab: LabNetwork; readonly faults: readonly Fault[] } {
  const problems = problemsOf(scenario);
  if (problems.length > 0) throw new InvalidInput("scenario", problems);
  const { nodes, clocks, keepAlive, wire } = scenario;
  const lab = networkOf(scenario, base);
  const history = scenario.network === "lab" ? rememberedHistory(lab, tiersOf(scenario)) : undefined;
  const root = Random.root(`${seed}`);
  const plan = {
    params: lab.params,
    late: undefined,
    history,
    swaps: scenario.swaps,
    keyholders: keyholdersOf(scenario),
    operators: hosts(history, nodes, root.fork("hosts")),
    seed: `${seed}`,
    nodes,
    duration: microseconds(scenario.run),
    startSeconds: START_SECONDS,
    regions: BITCOIN_2019,
    topology: makeTopology(scenario, root.fork("topology")),
    blockInterval: microseconds(scenario.blockInterval),
    hashRate: hashRates(scenario, root.fork("miners")),
    clocks: { offset: microseconds(clocks.offset), drift: clocks.driftPpm },
    keepAlive,
    wire,
  };
  const faults = compileFaults(scenario.faults ?? [], { ...plan, fluxnodes: history?.fluxnodes ?? [] });
  const late = faults.flatMap((fault) => (fault.kind === "upgrade" ? fault.nodes : []));
  if (late.length === 0) return { plan, lab, faults };
  return { plan: { ...plan, late: { params: oldRules(lab, scenario), nodes: late } }, lab, faults };
}

/** The laboratory's own network begins with a history; others at genesis, by their own rules. */
function networkOf(scenario: NetworkScenario, base: Params): LabNetwork {
  if (scenario.network !== "lab") return labNetwork(base, START_SECONDS);
  const begin = START_SECONDS - (HISTORY_BLOCKS + 1) * HISTORY_SPACING;
  return labNetwork(labRules(upgradesOf(scenario)), begin);
}

/** Heights of the upgrades in the run. What comes before proof of node comes with the first block if nothing else is said. */
function upgradesOf(scenario: NetworkScenario): LabUpgrades {
  const { fluxUpgrade, ponUpgrade, ponSpacing } = scenario;
  const spacing = ponSpacing === undefined ? {} : { spacing: microseconds(ponSpacing) / 1_000_000 };
  const flux = fluxUpgrade ?? (ponUpgrade === undefined ? undefined : 1);
  return {
    ...(flux === undefined ? {} : { flux: HISTORY_BLOCKS + flux }),
    ...(ponUpgrade === undefined
      ? {}
      : { pon: { height: HISTORY_BLOCKS + ponUpgrade, fluxnodes: tiersOf(scenario).length, ...spacing } }),
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

/** The same rules without the upgrades that the scenario is about. */
function oldRules({ params }: LabNetwork, { fluxUpgrade, ponUpgrade }: NetworkScenario): Params {
  const { upgrades } = params;
  const never = (names: readonly Upgrade[]) =>
    Object.fromEntries(names.map((name) => [name, { ...upgrades[name], height: NO_UPGRADE }]));
  const unknown: readonly Upgrade[] = [
    ...(fluxUpgrade === undefined ? [] : (["flux"] as const)),
    ...(fluxUpgrade === undefined || ponUpgrade === undefined ? [] : (["halving", "p2shNodes"] as const)),
    ...(ponUpgrade === undefined ? [] : (["pon"] as const)),
  ];
  return { ...params, upgrades: { ...upgrades, ...never(unknown) } };
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
function hosts(history: LabHistory | undefined, nodes: number, random: Random): number[] {
  const order = Array.from({ length: nodes }, (_, node) => node);
  random.shuffle(order);
  return (history?.fluxnodes ?? []).map((_, i) => order[i % nodes]!);
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

function problemsOf(scenario: NetworkScenario): Problem[] {
  const { nodes, miners, topology, faults, network, fluxnodes, fluxUpgrade, ponUpgrade, run, hashRates } =
    scenario;
  const problems: Problem[] = faultProblems(faults ?? [], {
    nodes,
    duration: microseconds(run),
    upgrade: fluxUpgrade !== undefined || ponUpgrade !== undefined,
  });
  for (const [field, got] of [
    ["fluxnodes", fluxnodes],
    ["fluxUpgrade", fluxUpgrade],
    ["ponUpgrade", ponUpgrade],
  ] as const) {
    if (got !== undefined && network !== "lab") {
      problems.push({ path: [field], expected: 'no such field, or the network "lab"', got });
    }
  }
  if (ponUpgrade !== undefined && tiersOf(scenario).length === 0) {
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
