import type { Block } from "../primitives/block.ts";
import type { BlockHeader } from "../primitives/header.ts";
import type { BlockHash } from "../primitives/ids.ts";
import { type Arrival, checkPlacedHeader, checkUnplacedHeader } from "../rules/headerArrival.ts";
import type { HeaderHistory } from "../rules/headerHistory.ts";
import type { UnverifiedProof } from "../rules/shieldedRules.ts";
import { sparesBlockHash, type Violation } from "../rules/violation.ts";
import { ABSENT } from "../state/keyTable.ts";
import type { StateContents } from "../state/stateView.ts";
import { assert } from "../util/assert.ts";
import { checkPlacedBlock, checkUnplacedBlock } from "./arrivingBlock.ts";
import { BestChain, type TipChange } from "./bestChain.ts";
import { FAILED, FAILED_CHILD, HAS_CONTENT, KNOWN, LINKED, UNDECIDED, VALID } from "./blockMarks.ts";
import { highestCheckpoint } from "./checkpoints.ts";
import type { SharedChain } from "./sharedChain.ts";

/** Why nothing was taken in. */
export type BlockRefusal =
  | { readonly outcome: "invalid"; readonly violation: Violation }
  /** Not kept: it may come again after its parent. */
  | { readonly outcome: "unknownParent" }
  | { readonly outcome: "invalidParent" }
  /** Found invalid before, or invalidated by hand. */
  | { readonly outcome: "knownInvalid" };

/** What becomes of an arriving header. */
export type HeaderOutcome = BlockRefusal | { readonly outcome: "accepted" | "known"; readonly row: number };

/** What becomes of an arriving block. */
export type BlockOutcome =
  | BlockRefusal
  /** Now on the best chain. */
  | { readonly outcome: "active" }
  /** Kept: another chain is better, or ancestors are missing. */
  | { readonly outcome: "held" }
  | { readonly outcome: "known" }
  /** Valid so far, but nobody asked for it and it would not help. */
  | { readonly outcome: "ignored" }
  /** Kept, but neither it nor what follows it is followed, because this proof is not one we can verify. */
  | { readonly outcome: "cannotTell"; readonly unverified: UnverifiedProof };

/** The outcome of one block, and how it moved the tip if it did. */
export interface BlockReceipt {
  readonly result: BlockOutcome;
  /** Also blocks that arrived before may have become part of the chain. */
  readonly moved: TipChange | undefined;
}

/** Blocks that nobody asked for are kept up to here above the tip. Source: fluxd src/main.h MIN_BLOCKS_TO_KEEP. */
const MAX_UNREQUESTED_AHEAD = 288;

/**
 * One node's eyes on a shared chain: which headers and blocks it was given, what it thinks of them, and the best valid chain of
 * them. Everything that may be shared is in the shared chain; a view holds marks and a tip.
 * Source: fluxd src/main.cpp ProcessNewBlock, AcceptBlock.
 */
export class ChainView {
  readonly #shared: SharedChain;
  readonly #useCheckpoints: boolean;
  readonly #chain: BestChain;
  #bestHeader: number;
  /** Is told the row of a header that was let in and parts from the best chain below its tip. */
  onFork: ((row: number) => void) | undefined;

  /** At genesis; where chains were folded, at the block up to which they were. */
  constructor(shared: SharedChain, { useCheckpoints }: { readonly useCheckpoints: boolean }) {
    this.#shared = shared;
    this.#useCheckpoints = useCheckpoints;
    this.#chain = new BestChain(shared);
    this.#bestHeader = this.#chain.tip;
    this.onFork = undefined;
  }

  /**
   * Takes in the chain up to `tip`, all of it connected in the shared chain before, as a node does that starts from its own disk.
   * Only views that were given nothing yet are restored.
   */
  restore(tip: number): void {
    this.#chain.restore(tip);
    this.#bestHeader = tip;
  }

  /**
   * Takes in the best chain of `disk` up to `upTo`, as a node does that starts again under these rules with what it stored under
   * those of `disk`: as far as its blocks connect. How far back it has to go first is said by startUpRewind. Of what is not on
   * that chain nothing is left, as in fluxd. Only views that were given nothing yet start.
   */
  restart(disk: ChainView, upTo: number): void {
    assert(disk.isActive(upTo), "a node starts with a part of its best chain");
    const { tree } = this.#shared;
    let connected = tree.root;
    for (const row of tree.path(tree.root, upTo)) {
      if (this.#shared.verdict(row, disk.#chain.marks.content(row)).verdict !== "connected") break;
      connected = row;
    }
    this.#chain.restore(connected);
  }

  /** Row of the best block. */
  get tip(): number {
    return this.#chain.tip;
  }

  get tipHash(): BlockHash {
    return this.#shared.tree.hash(this.tip);
  }

  get tipHeight(): number {
    return this.#shared.tree.height(this.tip);
  }

  /** The state after the tip. Valid until the shared chain is asked anything else. */
  state(): StateContents {
    return this.#shared.stateAfter(this.tip);
  }

  /** The headers up to the tip, as rules look back on them. */
  headers(): HeaderHistory {
    return this.#shared.tree.history(this.tip);
  }

  /** Whether a block is on the best chain. */
  isActive(row: number): boolean {
    return this.#chain.isActive(row);
  }

  /**
   * The block that this node has for a header; undefined if it has none; "pruned" if it had one before chains were folded, and the
   * host does not keep it either.
   */
  block(row: number): Block | "pruned" | undefined {
    if (!this.#shared.tree.isLive(row)) {
      const archived = this.#shared.tree.isFolded(row) ? this.#shared.archived(row) : undefined;
      return archived ?? "pruned";
    }
    const content = this.#chain.marks.content(row);
    return content === ABSENT ? undefined : this.#shared.blocks.block(content);
  }

  /** Row of the header with the most work that this node took in and thinks nothing bad of. Source: fluxd pindexBestHeader. */
  get bestHeader(): number {
    if (this.#chain.marks.has(this.#bestHeader, FAILED | FAILED_CHILD)) this.#bestHeader = this.tip;
    return this.#bestHeader;
  }

  /** Whether this node took in the header of a row. */
  knows(row: number): boolean {
    return this.#chain.marks.has(row, KNOWN);
  }

  /** Whether this node has the block of a row. */
  hasBlock(row: number): boolean {
    return this.#chain.marks.has(row, HAS_CONTENT);
  }

  /** Whether this node has the block of a row and of all its ancestors. */
  isLinked(row: number): boolean {
    return this.#chain.marks.has(row, LINKED);
  }

  /** Whether a block was found to connect on its parent's state, as were its ancestors. */
  isValid(row: number): boolean {
    return this.#chain.marks.has(row, VALID);
  }

  /** Whether a block or an ancestor of it breaks a rule, or was invalidated by hand. */
  hasFailed(row: number): boolean {
    return this.#chain.marks.has(row, FAILED | FAILED_CHILD);
  }

  /** The lowest failed block at or below a row that has failed, and the rule it breaks if a state was asked. */
  failure(row: number): { readonly row: number; readonly violation: Violation | undefined } {
    let at = row;
    while (!this.#chain.marks.has(at, FAILED)) at = this.#shared.tree.parent(at);
    const content = this.#chain.marks.content(at);
    const verdict = content === ABSENT ? undefined : this.#shared.knownVerdict(content);
    return { row: at, violation: verdict?.verdict === "invalid" ? verdict.violation : undefined };
  }

  /** `adjustedTime`: Unix seconds by this node's clock and its peers. */
  acceptHeader(header: BlockHeader, adjustedTime: number): HeaderOutcome {
    const hash = this.#shared.tree.hashOf(header);
    return (
      this.#knownHeader(hash) ??
      this.#checkUnplaced(header, hash, adjustedTime) ??
      this.#place(header, hash, adjustedTime)
    );
  }

  /**
   * Takes in a block and moves to the best valid chain. Of what may be wrong with it, the rules that need a state are asked
   * when its chain would become the best, on the state after its parent. `adjustedTime` as above; `requested`: asked for by this
   * node, or made by it.
   */
  acceptBlock(block: Block, adjustedTime: number, requested = true): BlockReceipt {
    const { header } = block;
    const hash = this.#shared.tree.hashOf(header);
    const known = this.#knownHeader(hash);
    if (known?.outcome === "knownInvalid") return unmoved(known);
    if (known !== undefined && this.#chain.marks.has(known.row, HAS_CONTENT))
      return unmoved({ outcome: "known" });

    const unplaced = this.#checkUnplaced(header, hash, adjustedTime) ?? this.#checkContent(block);
    if (unplaced !== undefined) return unmoved(unplaced);
    const placed = known ?? this.#place(header, hash, adjustedTime);
    if (!("row" in placed)) return unmoved(placed);
    const { row } = placed;
    if (!requested && !this.#isWantedUnasked(row)) return unmoved({ outcome: "ignored" });
    const broken = this.#checkPlaced(block, row);
    if (broken !== undefined) {
      if (!sparesBlockHash(broken)) this.#chain.fail(row);
      return unmoved({ outcome: "invalid", violation: broken });
    }
    const content = this.#shared.blocks.add(block, row);
    const moved = this.#chain.addContent(row, content);
    return { result: this.#outcomeOf(row, content), moved };
  }

  #knownHeader(hash: BlockHash): { outcome: "known"; row: number } | { outcome: "knownInvalid" } | undefined {
    assert(
      this.#chain.marks.root === this.#shared.tree.root,
      "a view that lives on is told of when chains are folded",
    );
    const row = this.#shared.tree.find(hash);
    if (row === ABSENT || !this.#chain.marks.has(row, KNOWN)) return undefined;
    return this.#chain.marks.has(row, FAILED | FAILED_CHILD)
      ? { outcome: "knownInvalid" }
      : { outcome: "known", row };
  }

  #checkParent(parent: number): BlockRefusal | undefined {
    if (parent === ABSENT || !this.#chain.marks.has(parent, KNOWN)) return { outcome: "unknownParent" };
    return this.#chain.marks.has(parent, FAILED | FAILED_CHILD) ? { outcome: "invalidParent" } : undefined;
  }

  #note(row: number): void {
    this.#chain.addHeader(row);
    if (this.#shared.tree.compareWork(row, this.bestHeader) > 0) this.#bestHeader = row;
  }

  #checkUnplaced(header: BlockHeader, hash: BlockHash, adjustedTime: number): BlockRefusal | undefined {
    const { verifier, params } = this.#shared;
    const arrival = this.#arrival(header, hash, adjustedTime);
    return refusal(checkUnplacedHeader(header, hash, arrival, verifier, params));
  }

  /** Stored contents passed this before. */
  #checkContent(block: Block): BlockRefusal | undefined {
    const { blocks, verifier, params } = this.#shared;
    return blocks.find(block) === ABSENT
      ? refusal(checkUnplacedBlock(block, verifier.ecdsa, params))
      : undefined;
  }

  /** A block on the tip is judged right away, by all rules and in their order: it needs no look ahead. */
  #checkPlaced(block: Block, row: number): Violation | undefined {
    const { tree, params } = this.#shared;
    return tree.parent(row) === this.tip ? undefined : checkPlacedBlock(block, tree.height(row), params);
  }

  /** Gives a header that passed the checks before this one its place in the tree. */
  #place(header: BlockHeader, hash: BlockHash, adjustedTime: number): HeaderOutcome {
    const { tree, verifier, params } = this.#shared;
    const parent = tree.find(header.previousHash);
    const astray = this.#checkParent(parent);
    if (astray !== undefined) return astray;
    const parents = tree.history(parent);
    const arrival = this.#arrival(header, hash, adjustedTime);
    const refused = refusal(checkPlacedHeader(parents, header, hash, arrival, verifier, params));
    if (refused !== undefined) return refused;
    const found = tree.find(hash);
    // A view that begins at the root has a tip low enough to let in what others settled; there is no state to judge it on.
    if (found === ABSENT && !tree.isLive(parent)) return { outcome: "unknownParent" };
    const row = found === ABSENT ? tree.add(header, hash, parent) : found;
    this.#shared.noteHeaderObeys(row, header);
    this.#note(row);
    if (parent !== this.tip && this.isActive(parent)) this.onFork?.(row);
    return { outcome: "accepted", row };
  }

  #arrival(header: BlockHeader, hash: BlockHash, adjustedTime: number): Arrival {
    arrival.adjustedTime = adjustedTime;
    arrival.tipHeight = this.tipHeight;
    arrival.lastCheckpoint = this.#useCheckpoints ? this.#lastCheckpoint() : undefined;
    arrival.knownToObey = this.#shared.headerObeys(this.#shared.tree.find(hash), header);
    return arrival;
  }

  #lastCheckpoint(): number | undefined {
    const { params, tree } = this.#shared;
    const checkpoint = highestCheckpoint(params, tree, (row) => this.knows(row));
    return checkpoint === undefined ? undefined : tree.height(checkpoint);
  }

  #isWantedUnasked(row: number): boolean {
    const { tree } = this.#shared;
    return tree.compareWork(row, this.tip) > 0 && tree.height(row) <= this.tipHeight + MAX_UNREQUESTED_AHEAD;
  }

  /** What became of a block whose content was taken in. */
  #outcomeOf(row: number, content: number): BlockOutcome {
    const { marks } = this.#chain;
    const verdict = this.#shared.knownVerdict(content);
    // The shared chain may know more than this node asked for, and only that counts.
    if (marks.has(row, FAILED) || !marks.has(row, HAS_CONTENT)) {
      assert(verdict?.verdict === "invalid", "a block fails, or loses its content, for a reason");
      return { outcome: "invalid", violation: verdict.violation };
    }
    if (marks.has(row, UNDECIDED) && verdict?.verdict === "cannotTell") {
      return { outcome: "cannotTell", unverified: verdict.unverified };
    }
    if (marks.has(row, FAILED_CHILD)) return { outcome: "invalidParent" };
    return { outcome: this.isActive(row) ? "active" : "held" };
  }

  /** The rules this node keeps to, and what it shares with others that do. */
  get shared(): SharedChain {
    return this.#shared;
  }

  /** Called by the shared chains after they were folded: forgets what they dropped. */
  fold(): void {
    this.#chain.fold();
    if (!this.#shared.tree.isLive(this.#bestHeader)) this.#bestHeader = this.tip;
  }

  /** By hand: neither this block, which must be above the root of the tree, nor what follows it is followed. */
  invalidate(row: number): TipChange | undefined {
    return this.#chain.invalidate(row);
  }

  /** Takes back what was found or said of a block, its ancestors and its descendants. */
  reconsider(row: number): TipChange | undefined {
    return this.#chain.reconsider(row);
  }
}

/** Reused, done with on return. */
const arrival: { -readonly [Key in keyof Required<Arrival>]: Required<Arrival>[Key] } = {
  adjustedTime: 0,
  tipHeight: 0,
  lastCheckpoint: undefined,
  knownToObey: false,
};

const refusal = (violation: Violation | undefined): BlockRefusal | undefined =>
  violation && { outcome: "invalid", violation };

const unmoved = (result: BlockOutcome): BlockReceipt => ({ result, moved: undefined });
