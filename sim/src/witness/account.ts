import type { Params } from "@fluxlab/core";
import type { CheckerFinding, WitnessedBlock } from "../checkers/checker.ts";
import { median } from "./median.ts";
import type { NetworkWitness, Sightings } from "./networkWitness.ts";

const SECOND = 1_000_000;

/** What a network showed, simulated or real. Times are microseconds since the run began. */
export interface NetworkAccount {
  readonly nodes: number;
  /** The newest rules. */
  readonly params: Params;
  readonly witness: NetworkWitness;
  readonly findings: readonly CheckerFinding[];
  /** When the last fault was over. */
  readonly healed: number;
  readonly duration: number;
  /** Nodes that a node means to be linked with, by its own wish or theirs. */
  linksOf(node: number): Iterable<number>;
}

/** The highest tip of the nodes under these rules; of equally high ones that of most nodes. Undefined: nobody kept to them. */
export function bestTip({ witness }: NetworkAccount, params: Params): WitnessedBlock | undefined {
  const counts = new Map<string, number>();
  let best: WitnessedBlock | undefined;
  for (const [node, tip] of witness.tips.entries()) {
    if (tip === undefined || witness.rulesAt(node) !== params) continue;
    const count = (counts.get(tip.hash) ?? 0) + 1;
    counts.set(tip.hash, count);
    const of = best === undefined ? 0 : counts.get(best.hash)!;
    if (best === undefined || tip.height > best.height || (tip.height === best.height && count > of))
      best = tip;
  }
  return best;
}

/** How blocks spread, and how often somebody's were in vain. Times are seconds; NaN where there is nothing to measure. */
export interface SpreadMeasure {
  readonly blocks: number;
  /** Parts of all blocks that are not on the best chain. */
  readonly staleRate: number;
  /**
   * Medians over the blocks of the best chain, until half of the nodes and until all had them. Of a mean over few blocks most would be what
   * those took that had a rival, which the followers of the rival only get with the next.
   */
  readonly halfSeconds: number;
  readonly allSeconds: number;
  /** Mean time between blocks of the best chain. */
  readonly blockSeconds: number;
}

/** Blocks that came while a fault was on spread as the fault lets them: only those count that came when all was `quiet`. */
export function measureSpread(account: NetworkAccount, quiet: (time: number) => boolean): SpreadMeasure {
  const best = bestTip(account, account.params);
  const main = new Set<string>();
  for (let at = best; at !== undefined; at = at.parent) main.add(at.hash);
  const all = [...account.witness.blocks.values()];
  const onMain = all.filter(({ block }) => main.has(block.hash));
  const calm = onMain.filter((seen) => quiet(firstSight(seen)));
  const stale = all.filter((seen) => !main.has(seen.block.hash) && quiet(firstSight(seen))).length;
  const waits = (part: number) => calm.map((seen) => spreadSeconds(account, seen, part));
  return {
    blocks: calm.length + stale,
    staleRate: calm.length + stale === 0 ? Number.NaN : stale / (calm.length + stale),
    halfSeconds: median(waits(1 / 2)),
    allSeconds: median(waits(1)),
    blockSeconds: account.duration / SECOND / onMain.length,
  };
}

/** When somebody first had it. */
export const firstSight = ({ arrivals }: Sightings): number =>
  arrivals.reduce((first, time) => (time < first ? time : first), Number.POSITIVE_INFINITY);

/** Seconds from the first node until so many had it; NaN: so many never had. */
export function secondsUntil({ arrivals }: Sightings, nodes: number): number {
  const times = arrivals.filter((time) => !Number.isNaN(time)).sort();
  return nodes > times.length ? Number.NaN : (times[nodes - 1]! - times[0]!) / SECOND;
}

/** The same for a part of the nodes that kept to the newest rules when the block came up: others may get it long after. */
export function spreadSeconds({ witness, params }: NetworkAccount, seen: Sightings, part: number): number {
  const first = firstSight(seen);
  const arrivals = seen.arrivals.filter((_, node) => witness.rulesThen(node, first) === params);
  return secondsUntil({ ...seen, arrivals }, Math.max(1, Math.ceil(arrivals.length * part)));
}

/** Seconds from the end of the last fault until all nodes of the newest rules were on one tip; undefined: never. */
export function convergenceSeconds({ witness, params, healed }: NetworkAccount): number | undefined {
  const agreement = witness.agreementUnder(params);
  const since = agreement.findLastIndex(({ time }) => time <= healed);
  const from = agreement.slice(Math.max(since, 0));
  const agreed = from.find(({ tips }) => tips === 1);
  return agreed === undefined ? undefined : Math.max(0, agreed.time - healed) / SECOND;
}

/** The most blocks that a node left at once. */
export const deepestReorganisation = ({ witness }: NetworkAccount): number =>
  witness.reorganisations.reduce((deepest, { left }) => Math.max(deepest, left), 0);
