import {
  coinbaseCap,
  fluxnodesActive,
  formatFlux,
  maxReorgDepth,
  NATIVE_CHAIN,
  type Params,
  type PerTier,
  perTier,
  rewardRun,
  TIERS,
} from "@fluxlab/core";
import { type BridgePlan, mostPerLock } from "../world/bridgeReorg.ts";
import type { EconomyPlan, Shock, TierPopulation } from "../world/economyPlan.ts";
import { firstEstablishedHeight } from "../world/established.ts";
import { payingNodes } from "../world/payingNodes.ts";
import { assetsAt, chainNamed } from "./assetChains.ts";
import { InvalidInput, type Problem } from "./problems.ts";
import type { Scenario } from "./schema.ts";
import {
  durationInBlocks,
  durationInSeconds,
  parseAmount,
  parseDuration,
  parsed,
  parseRatio,
  USD_HINT,
  upkeepOf,
} from "./units.ts";

/** Blocks in the longest run; a decade of proof of node is 10.5 million. */
const LONGEST_RUN = 200_000_000;

/**
 * A scenario in the units of its network's chain.
 * @throws InvalidInput for what only the network can tell: heights out of order, FluxNodes before they exist.
 */
export function compileEconomy(scenario: Scenario, params: Params, seed: number): EconomyPlan {
  const problems: Problem[] = [];
  const firstHeight = scenario.from;
  const lastHeight = runEnd(scenario, params, problems);
  const population = perTier((tier) => asPopulation(scenario.population[tier]));
  checkShocks(scenario, problems);
  if (problems.length === 0) checkPopulation(scenario, params, population, lastHeight, problems);
  if (problems.length > 0) throw new InvalidInput("scenario", problems);
  const seconds = (text: string, word: string) =>
    text === word
      ? Number.POSITIVE_INFINITY
      : durationInSeconds(params, firstHeight, parsed(parseDuration(text)));
  const { begin } = scenario.population;
  const { lifetime, outageEvery, outageLength, missedStarts } = scenario.operators;
  return {
    params,
    seed: `${seed}`,
    firstHeight,
    lastHeight,
    population,
    joinOverSeconds: begin === "established" ? undefined : Math.max(seconds(begin, ""), 1),
    operators: {
      lifetimeSeconds: seconds(lifetime, "forever"),
      outageEverySeconds: seconds(outageEvery, "never"),
      outageSeconds: seconds(outageLength, ""),
      missedStart:
        missedStarts === "never" ? { numerator: 0, denominator: 1 } : parsed(parseRatio(missedStarts)),
    },
    shocks: shocksOf(scenario, params),
    supplyCap: parsed(parseAmount(scenario.supplyCap)),
  };
}

function shocksOf({ shocks = [], from, economics }: Scenario, params: Params): Shock[] {
  return shocks.map(({ kind, at, tiers = TIERS, share, length, price }) => {
    const height = from + durationInBlocks(params, from, parsed(parseDuration(at)));
    const blocks = durationInBlocks(params, height, parsed(parseDuration(length)));
    const hit = tiers.map((tier) => TIERS.indexOf(tier));
    const shock = { kind, height, tiers: hit, share: parsed(parseRatio(share)), blocks: Math.max(blocks, 1) };
    if (kind !== "price") return shock;
    const { shares, spacing } = rewardRun(params, height);
    return { ...shock, paying: payingNodes(upkeepOf(price ?? "", economics!.monthlyCost), shares, spacing) };
  });
}

/** A change of price needs the price, and what a node costs; other shocks have none. */
function checkShocks({ shocks = [], economics }: Scenario, problems: Problem[]): void {
  shocks.forEach(({ kind, price }, i) => {
    const path = ["shocks", i, "price"];
    if (kind !== "price" && price !== undefined)
      problems.push({ path, expected: 'no such field, or the kind "price"', got: price });
    if (kind !== "price") return;
    if (price === undefined) problems.push({ path, expected: USD_HINT, got: price });
    if (economics === undefined) {
      const expected =
        'an "economics" with the monthlyCost of a node, which a change of price is weighed against';
      problems.push({ path: ["shocks", i, "kind"], expected, got: kind });
    }
  });
}

function runEnd(scenario: Scenario, params: Params, problems: Problem[]): number {
  const { from, run, to } = scenario;
  if ((run === undefined) === (to === undefined)) {
    const expected = 'exactly one of "run" (a duration) and "to" (a height)';
    problems.push({ path: [], expected, got: run === undefined ? "neither" : "both" });
    return from;
  }
  if (to !== undefined) {
    if (to < from) problems.push({ path: ["to"], expected: `a height from ${from} ("from") on`, got: to });
    return checkLength(from, to, ["to"], to, problems);
  }
  const blocks = durationInBlocks(params, from, parsed(parseDuration(run ?? "")));
  if (blocks < 1) problems.push({ path: ["run"], expected: "at least one block", got: run });
  return checkLength(from, from + blocks - 1, ["run"], run, problems);
}

function checkLength(
  from: number,
  last: number,
  path: Problem["path"],
  got: unknown,
  problems: Problem[],
): number {
  if (last - from >= LONGEST_RUN) problems.push({ path, expected: `at most ${LONGEST_RUN} blocks`, got });
  return last;
}

function checkPopulation(
  scenario: Scenario,
  params: Params,
  population: PerTier<TierPopulation>,
  lastHeight: number,
  problems: Problem[],
): void {
  const tiers = TIERS.filter((tier) => population[tier].atStart > 0 || population[tier].atEnd > 0);
  if (tiers.length === 0) return;
  if (!fluxnodesActive(params, lastHeight)) {
    const { height } = params.upgrades.kamata;
    const since = height < 0 ? "has none" : `has them from height ${height} on`;
    for (const tier of tiers) {
      const expected = `0: the run ends before FluxNodes exist ("${params.name}" ${since})`;
      problems.push({ path: ["population", tier], expected, got: scenario.population[tier] });
    }
    return;
  }
  const first = firstEstablishedHeight(params);
  if (scenario.population.begin === "established" && scenario.from < first) {
    const expected = `a time to join over, such as "1 day": no node can be confirmed before block ${first}`;
    problems.push({ path: ["population", "begin"], expected, got: scenario.population.begin });
  }
}

/**
 * The scenario's bridge, if it has one, on the chains of the default list; the native chain keeps the pace of block `height`.
 * @throws InvalidInput for what only the chains can tell.
 */
export function compileBridge({ bridge }: Scenario, params: Params, height: number): BridgePlan | undefined {
  if (bridge === undefined) return undefined;
  const { confirmations, reorganisations: depths } = bridge;
  const assets = assetsAt(params, height);
  const [source, target] = [chainNamed(bridge.source), chainNamed(bridge.target)];
  const native = source === NATIVE_CHAIN;
  const lockAmount = parsed(parseAmount(bridge.amount));
  const problems: Problem[] = [];
  const problem = (key: string, expected: string, got: unknown) =>
    problems.push({ path: ["bridge", key], expected, got });
  if (source === target) problem("target", `a chain other than the source, ${bridge.source}`, bridge.target);
  const blocks = Math.max(...confirmations) + Math.max(...depths);
  const most = mostPerLock(source, blocks);
  if (lockAmount <= 0n || lockAmount > most) {
    problem(
      "amount",
      `more than 0 and at most ${formatFlux(most)} FLUX, for ${blocks} blocks to hold it`,
      bridge.amount,
    );
  }
  if (!native && bridge.blockCost === undefined)
    problem("blockCost", `what one block of ${bridge.source} costs, such as "10 FLUX"`, undefined);
  if (problems.length > 0) throw new InvalidInput("scenario", problems);
  return {
    assets,
    source,
    target,
    lockAmount,
    blockCost:
      bridge.blockCost === undefined ? coinbaseCap(params, height) : parsed(parseAmount(bridge.blockCost)),
    confirmations,
    depths,
    deepestFollowed: native ? maxReorgDepth(height, params) - 1 : undefined,
  };
}

const asPopulation = (written: Scenario["population"]["cumulus"]): TierPopulation =>
  typeof written === "number" ? { atStart: written, atEnd: written } : written;
