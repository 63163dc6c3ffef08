import type { Params } from "../params/params.ts";
import { upgradeActive } from "../params/upgrades.ts";
import { ABSENT } from "../state/keyTable.ts";
import { ln } from "../util/exactMath.ts";
import type { HeaderTree } from "./headerTree.ts";

const SPAN_SECONDS = 4 * 3_600;
const FIFTY_YEARS = 50 * 365 * 24 * 3_600;
/** One false alarm in about fifty years of spans. */
const SPANS_PER_ALARM = FIFTY_YEARS / SPAN_SECONDS;

/** Blocks came too slowly or too fast for chance: a network cut in two, or somebody's private chain. */
export interface PartitionWarning {
  readonly kind: "tooFewBlocks" | "tooManyBlocks";
  /** In the last four hours. */
  readonly blocks: number;
  readonly expected: number;
}

/**
 * What the times of the best header's branch say about the network; nothing where the branch is younger than four hours, and
 * nobody asks during initial download. `adjustedTime`: Unix seconds by the node's clock and its peers.
 * Source: fluxd src/main.cpp PartitionCheck.
 */
export function partitionWarning(
  tree: HeaderTree,
  bestHeader: number,
  adjustedTime: number,
  params: Params,
): PartitionWarning | undefined {
  const pon = upgradeActive(params.upgrades, "pon", tree.height(bestHeader));
  const expected = Math.floor(SPAN_SECONDS / (pon ? params.pon : params.pow).targetSpacing);
  let blocks = 0;
  let at = bestHeader;
  while (tree.time(at) >= adjustedTime - SPAN_SECONDS) {
    blocks++;
    at = tree.parent(at);
    if (at === ABSENT) return undefined;
  }
  if (lnPoisson(blocks, expected) > -ln(SPANS_PER_ALARM) || blocks === expected) return undefined;
  return { kind: blocks < expected ? "tooFewBlocks" : "tooManyBlocks", blocks, expected };
}

/** Logarithm of the probability of `count` events where `mean` are expected: exp(-mean) mean^count / count!. */
function lnPoisson(count: number, mean: number): number {
  let sum = -mean;
  for (let n = 1; n <= count; n++) sum += ln(mean / n);
  return sum;
}
