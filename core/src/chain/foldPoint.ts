import type { Params } from "../params/params.ts";
import { settledHeight } from "../rules/headerArrival.ts";
import { ABSENT } from "../state/keyTable.ts";
import type { HeaderTree } from "./headerTree.ts";

/** A node's tip and its rules. */
export interface LiveTip {
  readonly tip: number;
  readonly params: Params;
}

/**
 * The highest block up to which chains may be folded without any of these nodes, now or later, finding another tip: all are on
 * it, none lets in a new fork from below it any more, and every branch that leaves below it can neither grow nor win.
 * Heights only rise for this, so blocks invalidated by hand are not foreseen. `keepFrom`: lowest height that is to stay.
 */
export function foldPoint(tree: HeaderTree, tips: readonly LiveTip[], keepFrom: number): number {
  let common = tips[0]!.tip;
  let weakest = common;
  let settled = Number.POSITIVE_INFINITY;
  for (const { tip, params } of tips) {
    common = tree.commonAncestor(common, tip);
    if (tree.compareWork(tip, weakest) < 0) weakest = tip;
    settled = Math.min(settled, settledHeight(tree.height(tip), params));
  }
  const height = Math.min(tree.height(common), settled, keepFrom);
  if (height <= tree.height(tree.root)) return tree.root;
  const isDead = (row: number): boolean => tree.height(row) <= settled && tree.compareWork(row, weakest) < 0;
  let point = tree.ancestor(common, height);
  for (let row = tree.root; row < tree.size; row++)
    if (tree.isLive(row) && tree.firstChild(row) === ABSENT && !isDead(row))
      point = tree.commonAncestor(point, row);
  return point;
}
