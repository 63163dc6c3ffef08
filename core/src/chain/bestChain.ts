import { sparesBlockHash } from "../rules/violation.ts";
import { ABSENT } from "../state/keyTable.ts";
import { assert } from "../util/assert.ts";
import { BARRED, BlockMarks, FAILED, FAILED_CHILD, KNOWN, LINKED, UNDECIDED, VALID } from "./blockMarks.ts";
import { Candidates, compareTips } from "./forkChoice.ts";
import type { SharedChain } from "./sharedChain.ts";

/** The best chain became another: rows of the tips and of the last block both chains have. */
export interface TipChange {
  readonly from: number;
  readonly to: number;
  readonly fork: number;
}

/**
 * The best valid chain of the blocks that one node has, and the marks it is chosen by. A chain is changed only once all of the
 * better one is judged, so undoing blocks is choosing another tip. Source: fluxd src/main.cpp FindMostWorkChain,
 * ActivateBestChainStep.
 */
export class BestChain {
  readonly marks: BlockMarks;
  readonly #shared: SharedChain;
  readonly #candidates: Candidates;
  /** Blocks at hand whose parents are not linked, by parent, in the order they came; undefined before there are any. */
  #unlinked: Map<number, number[]> | undefined;
  #tip: number;
  #nextSequence: number;

  /** At the root of the header tree. */
  constructor(shared: SharedChain) {
    this.marks = new BlockMarks(shared.tree.root);
    this.#shared = shared;
    this.#candidates = new Candidates((a, b) => this.#compare(a, b));
    this.#unlinked = undefined;
    this.#tip = shared.tree.root;
    this.#nextSequence = 1;
    this.restore(this.#tip);
  }

  /** Row of the best block. */
  get tip(): number {
    return this.#tip;
  }

  /** Whether a block is on the best chain. */
  isActive(row: number): boolean {
    const { tree } = this.#shared;
    if (!tree.isLive(row)) return tree.isFolded(row);
    const height = tree.height(row);
    return height <= tree.height(this.#tip) && tree.ancestor(this.#tip, height) === row;
  }

  /**
   * Takes in the chain up to `tip`, all of it connected in the shared chain before, as a node does that starts from its own disk.
   * Only at the root.
   */
  restore(tip: number): void {
    const { tree } = this.#shared;
    assert(this.#tip === tree.root, "a view is restored before it is given blocks");
    assert(tree.ancestor(tip, tree.height(tree.root)) === tree.root, "a view is restored above the root");
    for (let row = tip; row >= tree.root; row = tree.parent(row)) {
      const content = this.#shared.connectedContent(row);
      assert(content !== undefined, "what is restored was connected before");
      this.marks.set(row, KNOWN | LINKED | VALID);
      this.marks.setContent(row, content);
    }
    this.#candidates.add(tip);
    this.#candidates.prune(tip);
    this.#tip = tip;
  }

  /** Notes a header, whose parent is known and not failed. */
  addHeader(row: number): void {
    const undecided = this.marks.has(this.#shared.tree.parent(row), UNDECIDED);
    this.marks.set(row, undecided ? KNOWN | UNDECIDED : KNOWN);
  }

  /** Takes in the content of a known block that has none, and moves to the best chain. */
  addContent(row: number, content: number): TipChange | undefined {
    this.marks.setContent(row, content);
    this.#link(row);
    return this.#activateBest(this.#tip);
  }

  /** Links a block that came, and those that waited for it. Source: fluxd src/main.cpp ReceivedBlockTransactions. */
  #link(row: number): void {
    const parent = this.#shared.tree.parent(row);
    if (!this.marks.has(parent, LINKED)) {
      this.#unlinked ??= new Map();
      const siblings = this.#unlinked.get(parent);
      if (siblings === undefined) this.#unlinked.set(parent, [row]);
      else siblings.push(row);
      return;
    }
    this.#linkOne(row);
    if (this.#unlinked !== undefined) this.#linkWaiting(row, this.#unlinked);
  }

  #linkOne(row: number): void {
    this.marks.set(row, LINKED);
    this.marks.setSequence(row, this.#nextSequence++);
    this.#propose(row);
  }

  /** Those that waited for a block that is linked now, and those that waited for them. */
  #linkWaiting(linked: number, unlinked: Map<number, number[]>): void {
    const ready = [linked];
    for (const row of ready) {
      if (row !== linked) this.#linkOne(row);
      ready.push(...(unlinked.get(row) ?? []));
      unlinked.delete(row);
    }
    if (unlinked.size === 0) this.#unlinked = undefined;
  }

  #propose(row: number): void {
    if (!this.marks.has(row, BARRED) && this.#compare(row, this.#tip) <= 0) this.#candidates.add(row);
  }

  #compare(a: number, b: number): number {
    const { tree, params } = this.#shared;
    return compareTips(tree, params, this.marks, a, b);
  }

  /** Moves the tip to the best candidate that connects. `from`: the tip before anything was done. */
  #activateBest(from: number): TipChange | undefined {
    for (;;) {
      const best = this.#candidates.best(this.#tip);
      if (best === this.#tip) break;
      if (this.#connects(best)) this.#tip = best;
    }
    this.#candidates.prune(this.#tip);
    if (this.#tip === from) return undefined;
    return this.#movedFrom(from);
  }

  #movedFrom(from: number): TipChange {
    const { tree } = this.#shared;
    const to = this.#tip;
    return { from, to, fork: tree.parent(to) === from ? from : tree.commonAncestor(from, to) };
  }

  /** Judges the blocks up to `row` that were not yet, lowest first, and marks the one that stands in the way. */
  #connects(row: number): boolean {
    const { tree } = this.#shared;
    let judged = row;
    while (!this.marks.has(judged, VALID)) judged = tree.parent(judged);
    if (judged === row) return true;
    if (tree.parent(row) === judged) return this.#isGood(row);
    return tree.path(judged, row).every((next) => this.#isGood(next));
  }

  /** Judges a block whose parent is valid. */
  #isGood(row: number): boolean {
    const verdict = this.#shared.verdict(row, this.marks.content(row));
    if (verdict.verdict === "connected") this.marks.set(row, VALID);
    else if (verdict.verdict === "cannotTell") this.#markSubtree(row, UNDECIDED, UNDECIDED);
    else if (sparesBlockHash(verdict.violation)) this.#dropContent(row);
    else this.fail(row);
    return verdict.verdict === "connected";
  }

  /** Marks a block that breaks a rule, and what follows it. */
  fail(row: number): void {
    this.#markSubtree(row, FAILED, FAILED_CHILD);
  }

  #markSubtree(row: number, mark: number, childMark: number): void {
    for (const next of this.#shared.tree.subtree(row)) {
      if (!this.marks.has(next, KNOWN)) continue;
      this.marks.set(next, next === row ? mark : childMark);
      this.#candidates.delete(next);
    }
  }

  /** Another content may make this block a valid one: as if this one had never come. */
  #dropContent(row: number): void {
    this.marks.setContent(row, ABSENT);
    for (const next of this.#shared.tree.subtree(row)) {
      if (!this.marks.has(next, LINKED)) continue;
      this.marks.clear(next, LINKED);
      this.#candidates.delete(next);
      if (next !== row) this.#link(next);
    }
  }

  /** The tree was folded below this node's tip: forgets what it dropped. */
  fold(): void {
    const { tree } = this.#shared;
    assert(tree.isLive(this.#tip), "chains are folded below the tips of views");
    this.marks.fold(tree);
    this.#candidates.keep((row) => tree.isLive(row));
    const unlinked = this.#unlinked;
    if (unlinked !== undefined)
      for (const parent of unlinked.keys()) if (!tree.isLive(parent)) unlinked.delete(parent);
  }

  /** By hand: neither this block nor what follows it is followed. Source: fluxd src/main.cpp InvalidateBlock. */
  invalidate(row: number): TipChange | undefined {
    assert(row > this.#shared.tree.root, "the root stays");
    const from = this.#tip;
    if (this.isActive(row)) this.#tip = this.#shared.tree.parent(row);
    this.fail(row);
    return this.#chooseAnew(from);
  }

  /**
   * Takes back what was found or said of a block, its ancestors and its descendants. Those that break rules are found out again.
   * Other branches on the ancestors are free again too, which fluxd forgets. Source: fluxd src/main.cpp ReconsiderBlock.
   */
  reconsider(row: number): TipChange | undefined {
    const { tree } = this.#shared;
    let top = row;
    for (let at = row; at >= tree.root; at = tree.parent(at)) {
      if (this.marks.has(at, FAILED | UNDECIDED)) top = at;
      this.marks.clear(at, BARRED);
    }
    for (const next of tree.subtree(row)) this.marks.clear(next, BARRED);
    for (const next of tree.subtree(top)) {
      this.marks.clear(next, FAILED_CHILD | UNDECIDED);
      const onFailed = next !== top && this.marks.has(tree.parent(next), FAILED | FAILED_CHILD);
      if (onFailed && this.marks.has(next, KNOWN)) this.marks.set(next, FAILED_CHILD);
    }
    return this.#chooseAnew(this.#tip);
  }

  /** After marks changed anywhere: every linked block may be the best. */
  #chooseAnew(from: number): TipChange | undefined {
    const { root, size } = this.#shared.tree;
    for (let row = root; row < size; row++) if (this.marks.has(row, LINKED)) this.#propose(row);
    return this.#activateBest(from);
  }
}
