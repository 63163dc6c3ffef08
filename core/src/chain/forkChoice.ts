import type { Params } from "../params/params.ts";
import type { BlockHeader } from "../primitives/header.ts";
import { comparePonHashes, headerPonHash } from "../rules/pon.ts";
import type { HeaderTree } from "./headerTree.ts";

/** What decides between two tips besides their branches: the order in which the node could first have followed them. */
export type SequenceOf = (row: number) => number;

/**
 * Negative if `a` is the better tip: more work; else, of two proof-of-node blocks at one height, the smaller draw; else the
 * one that could be followed first. Of longer branches only the last blocks draw. Zero for one and the same tip, and for
 * tips that a node restored together. Source: fluxd src/main.cpp CBlockIndexWorkComparator.
 */
export function compareTips(
  tree: HeaderTree,
  params: Params,
  sequenceOf: SequenceOf,
  a: number,
  b: number,
): number {
  if (a === b) return 0;
  return (
    tree.compareWork(b, a) ||
    (tree.height(a) === tree.height(b) ? compareDraws(tree.header(a), tree.header(b), params) : 0) ||
    sequenceOf(a) - sequenceOf(b)
  );
}

const compareDraws = (a: BlockHeader, b: BlockHeader, params: Params): number =>
  a.kind === "pon" && b.kind === "pon"
    ? comparePonHashes(headerPonHash(a, params), headerPonHash(b, params))
    : 0;

/** Blocks that a node has up from genesis and that are no worse than its tip, which is one of them. */
export class Candidates {
  readonly #rows: Set<number>;
  readonly #compare: (a: number, b: number) => number;

  /** `compare` is negative if its first is the better tip. */
  constructor(compare: (a: number, b: number) => number) {
    this.#rows = new Set();
    this.#compare = compare;
  }

  /** Makes a row a candidate. */
  add(row: number): void {
    this.#rows.add(row);
  }

  /** Takes a row out. */
  delete(row: number): void {
    this.#rows.delete(row);
  }

  /** Takes out all others. */
  keep(isKept: (row: number) => boolean): void {
    for (const row of this.#rows) if (!isKept(row)) this.#rows.delete(row);
  }

  /** The best of them and `tip`. Between equals the lower row, so that the answer does not depend on the order they came in. */
  best(tip: number): number {
    let best = tip;
    for (const row of this.#rows) if ((this.#compare(row, best) || row - best) < 0) best = row;
    return best;
  }

  /** Drops what is worse than `tip`. Source: fluxd src/main.cpp PruneBlockIndexCandidates. */
  prune(tip: number): void {
    for (const row of this.#rows) if (this.#compare(tip, row) < 0) this.#rows.delete(row);
  }
}
