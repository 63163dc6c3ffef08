import { addU256, compareU256, mulU256, u256 } from "../bytes/u256.ts";
import { blockProof } from "../rules/chainWork.ts";
import { ABSENT } from "../state/keyTable.ts";
import type { HeaderTree } from "./headerTree.ts";

// What a node tells its operator about chains that it does not follow. Nothing here has a say in which one it does.

/** A fork counts if it has more work above its base than this many blocks like the base. */
const LARGE_FORK_BLOCKS = 7;
/** And if it is less than this many blocks behind the tip. */
const NEW_FORK_MAX_BEHIND = 72;
/** At this many it is forgotten. */
const OLD_FORK_BEHIND = 288;
/** An invalid chain counts if it has more work than the tip's and this many blocks like the tip. */
const LARGE_INVALID_BLOCKS = 6;

/** What the operator should look into. Rows of the header tree. */
export type ForkWarning =
  | { readonly kind: "largeFork"; readonly base: number; readonly tip: number }
  /** Somebody works on what this node finds invalid: perhaps it is the one that should upgrade. */
  | { readonly kind: "largeInvalidChain"; readonly tip: number };

/** Reused, done with on return. */
const [work, proof] = [u256(), u256()];

/** One node's memory of forks that were large. Source: fluxd src/main.cpp CheckForkWarningConditions. */
export class ForkWarnings {
  readonly #tree: HeaderTree;
  #forkTip: number;
  #forkBase: number;
  #invalid: number;

  constructor(tree: HeaderTree) {
    this.#tree = tree;
    this.#forkTip = ABSENT;
    this.#forkBase = ABSENT;
    this.#invalid = ABSENT;
  }

  /** A chain up to `row` turned out invalid. Source: fluxd src/main.cpp InvalidChainFound. */
  noteInvalid(row: number): void {
    this.#forgetDropped();
    if (this.#invalid === ABSENT || this.#tree.compareWork(row, this.#invalid) > 0) this.#invalid = row;
  }

  /** A chain up to `forkTip` was not followed to its end. Source: fluxd src/main.cpp CheckForkWarningConditionsOnNewFork. */
  noteFork(forkTip: number, tip: number): void {
    this.#forgetDropped();
    const tree = this.#tree;
    const base = tree.commonAncestor(forkTip, tip);
    const highest = this.#forkTip === ABSENT || tree.height(forkTip) > tree.height(this.#forkTip);
    const near = tree.height(tip) - tree.height(forkTip) < NEW_FORK_MAX_BEHIND;
    if (!highest || !near || !this.#exceeds(forkTip, base, base, LARGE_FORK_BLOCKS)) return;
    this.#forkTip = forkTip;
    this.#forkBase = base;
  }

  /** What there is to say at `tip`: nothing while a node catches up. */
  warning(tip: number, inInitialDownload: boolean): ForkWarning | undefined {
    if (inInitialDownload) return undefined;
    this.#forgetDropped();
    const tree = this.#tree;
    if (this.#forkTip !== ABSENT && tree.height(tip) - tree.height(this.#forkTip) >= OLD_FORK_BEHIND)
      this.#forkTip = ABSENT;
    if (this.#forkTip !== ABSENT) return { kind: "largeFork", base: this.#forkBase, tip: this.#forkTip };
    return this.#invalid !== ABSENT && this.#exceeds(this.#invalid, tip, tip, LARGE_INVALID_BLOCKS)
      ? { kind: "largeInvalidChain", tip: this.#invalid }
      : undefined;
  }

  /** Whether the chain up to `row` has more work than that up to `other` and `blocks` times the block `like`. */
  #exceeds(row: number, other: number, like: number, blocks: number): boolean {
    const { version, bits } = this.#tree.header(like);
    mulU256(work, blockProof(proof, version, bits), blocks);
    return compareU256(this.#tree.work(row), addU256(work, work, this.#tree.work(other))) > 0;
  }

  /** Folding drops branches that can no longer grow. */
  #forgetDropped(): void {
    const isKept = (row: number) => this.#tree.isLive(row) || this.#tree.isFolded(row);
    if (this.#forkTip !== ABSENT && !isKept(this.#forkTip)) this.#forkTip = ABSENT;
    if (this.#invalid !== ABSENT && !isKept(this.#invalid)) this.#invalid = ABSENT;
  }
}
