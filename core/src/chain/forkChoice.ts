import type { Params } from "../params/params.ts";
import type { BlockHeader } from "../primitives/header.ts";
import { comparePonHashes, headerPonHash } from "../rules/pon.ts";
import type { HeaderTree } from "./headerTree.ts";

/** What decides between two tips besides their branches: the order in which the node could first have followed them. */
export interface Sequences {
  sequence(row: number): number;
}

/**
 * Negative if `a` is the better tip: more work; else, of two proof-of-node blocks at one height, the smaller draw; else the
 * one that could be followed first. Of longer branches only the last blocks draw. Zero for one and the same tip, and for
 * tips that a node restored together. Source: fluxd src/main.cpp CBlockIndexWorkComparator.
 */
export function compareTips(
  tree: HeaderTree,
  params: Params,
  sequences: Sequences,
  a: number,
  b: number,
): number {
  if (a === b) return 0;
  return (
    tree.compareWork(b, a) ||
    (tree.height(a) === tree.height(b) ? compareDraws(tree.header(a), tree.header(b), params) : 0) ||
    sequences.sequence(a) - sequences.sequence(b)
  );
}

const compareDraws = (a: BlockHeader, b: BlockHeader, params: Params): number =>
  a.kind === "pon" && b.kind === "pon"
    ? comparePonHashes(headerPonHash(a, params), headerPonHash(b, params))
    : 0;

/**
 * Blocks that a node has up from genesis and that are no worse than its tip, which is one of them: one or two but for moments, so
 * a list does, and leaves nothing behind to collect at every block.
 */
export class Candidates {
  readonly #rows: number[];
  readonly #compare: (a: number, b: number) => number;

  /** `compare` is negative if its first is the better tip. */
  constructor(compare: (a: number, b: number) => number) {
    this.#rows = [];
    this.#compare = compare;
  }

  /** Makes a row a candidate. */
  add(row: number): void {
    if (!this.#rows.includes(row)) this.#rows.push(row);
  }

  /** Takes a row out. */
  delete(row: number): void {
    const at = this.#rows.indexOf(row);
    if (at >= 0) this.#takeOut(at);
  }

  /** Their order means nothing. */
  #takeOut(at: number): void {
    const last = this.#rows.pop()!;
    if (at < this.#rows.length) this.#rows[at] = last;
  }

  /** Takes out all others. */
  keep(isKept: (row: number) => boolean): void {
    for (let at = this.#rows.length - 1; at >= 0; at--) if (!isKept(this.#rows[at]!)) this.#takeOut(at);
  }

  /** The best of them and `tip`. Between equals the lower row, so that the answer does not depend on the order they came in. */
  best(tip: number): number {
    let best = tip;
    for (let at = 0; at < this.#rows.length; at++) {
      const row = this.#rows[at]!;
      if ((this.#compare(row, best) || row - best) < 0) best = row;
    }
    return best;
  }

  /** Drops what is worse than `tip`. Source: fluxd src/main.cpp PruneBlockIndexCandidates. */
  prune(tip: number): void {
    for (let at = this.#rows.length - 1; at >= 0; at--) {
      if (this.#compare(tip, this.#rows[at]!) < 0) this.#takeOut(at);
    }
  }
}
