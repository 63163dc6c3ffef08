import { equalBytes } from "../bytes/compare.ts";
import { displayHash } from "../bytes/hex.ts";
import type { Params } from "../params/params.ts";
import type { Block } from "../primitives/block.ts";
import type { BlockHeader } from "../primitives/header.ts";
import type { HeaderVerifier } from "../rules/headerRules.ts";
import { BaseState } from "../state/base.ts";
import type { StateDelta } from "../state/delta.ts";
import type { StateContents } from "../state/stateView.ts";
import { assert } from "../util/assert.ts";
import type { ConnectOptions, Trust } from "./blockOnParent.ts";
import type { BlockStore } from "./blockStore.ts";
import type { ChainStart } from "./chainStart.ts";
import { highestCheckpoint } from "./checkpoints.ts";
import { connectBlock, type Verdict } from "./connectBlock.ts";
import { GENESIS_ROW, type HeaderTree } from "./headerTree.ts";
import { GENESIS_CONTENT, type SharedBlocks } from "./sharedBlocks.ts";

/** How blocks are judged: with which verifiers, and what is believed unseen. */
export interface SharedChainOptions extends ConnectOptions {
  readonly equihash: HeaderVerifier["equihash"];
  /** False: everything is judged again whenever it is asked for, to compare. Default true. */
  readonly memo?: boolean;
  /** Where a host keeps the blocks of folded rows: undefined for those it does not have. */
  readonly archive?: (row: number) => Block | undefined;
}

/** How a block was connected, by whatever content did it first. */
interface ConnectedRow {
  readonly content: number;
  /** Undefined: chains begin with the state after this block. */
  readonly delta: StateDelta | undefined;
}

/**
 * Everything about blocks that is the same for all nodes under one set of rules: above the blocks themselves, what each content
 * does to the state its parent left. A content is judged once, whoever asks, and what is remembered is named by the content
 * and not by the block hash, which says less. One state serves all answers; it moves between branches by deltas.
 */
export class SharedChain {
  readonly params: Params;
  readonly tree: HeaderTree;
  readonly blocks: BlockStore;
  readonly verifier: HeaderVerifier;
  readonly #shared: SharedBlocks;
  readonly #connecting: ConnectOptions;
  readonly #memo: boolean;
  /** Rows whose headers, as the tree has them, obey the rules of headers in their places. */
  readonly #obeying: Set<number>;
  /** By content. */
  readonly #verdicts: Map<number, Verdict>;
  /** By row of the header tree. */
  readonly #connected: Map<number, ConnectedRow>;
  readonly #archive: (row: number) => Block | undefined;
  readonly #state: BaseState;
  /** Row of the block the state is after. */
  #at: number;

  /**
   * Made by SharedChains. Begins at genesis, which must be that of the parameters; or, where blocks were folded, with the state
   * that `from` has at the root, or with the one before it; or with the state of a start.
   */
  constructor(
    params: Params,
    shared: SharedBlocks,
    { ecdsa, trust, equihash, memo = true, archive = () => undefined }: SharedChainOptions,
    from: SharedChain | BaseState | ChainStart | undefined,
  ) {
    this.params = params;
    this.tree = shared.tree;
    this.blocks = shared.contents;
    this.verifier = { ecdsa, equihash };
    this.#shared = shared;
    this.#connecting = { ecdsa, trust };
    this.#memo = memo;
    this.#obeying = new Set();
    this.#verdicts = new Map();
    this.#connected = new Map();
    this.#archive = archive;
    this.#state = from instanceof BaseState ? from : new BaseState();
    this.#at = this.tree.root;
    if (from === undefined) this.#connectGenesis();
    else if (from instanceof SharedChain) this.#takeOver(from);
    else if ("state" in from) {
      this.#state.copy(from.state);
      this.#connected.set(this.#at, { content: GENESIS_CONTENT, delta: undefined });
    }
  }

  /**
   * Connects `block`, that of the root, on a state before it that the chain was made with. False if it breaks a rule there: then
   * the chain is of no use.
   */
  connectRoot(block: Block): boolean {
    const content = this.blocks.find(block);
    if (!equalBytes(this.#state.blockHash, block.header.previousHash)) return false;
    if (this.#state.height !== this.tree.height(this.#at) - 1) return false;
    const options = { ...this.#connecting, trust: this.trustIn(this.#at) };
    const verdict = connectBlock(this.#state, block, this.params, options);
    if (verdict.verdict !== "connected") return false;
    this.#remember(this.#at, content, verdict);
    this.#state.apply(verdict.delta);
    return true;
  }

  /** What a host may keep of folded blocks: by row; undefined if it does not. */
  archived(row: number): Block | undefined {
    return this.#archive(row);
  }

  /** What `use` makes of the state before the root, and the root's block. It may keep neither. */
  atRoot<T>(use: (before: StateContents, block: Block) => T): T {
    const { root } = this.tree;
    const connected = this.#connected.get(root);
    assert(connected?.delta !== undefined, "the root is connected");
    this.#moveTo(root);
    this.#state.revert(connected.delta);
    try {
      return use(this.#state, this.blocks.block(connected.content));
    } finally {
      this.#state.apply(connected.delta);
    }
  }

  /** On the state before everything. */
  #connectGenesis(): void {
    assert(
      equalBytes(this.tree.hash(GENESIS_ROW), displayHash(this.params.genesis.hash)),
      `this is the genesis block of ${this.params.name}`,
    );
    const verdict = connectBlock(
      this.#state,
      this.blocks.block(GENESIS_CONTENT),
      this.params,
      this.#connecting,
    );
    assert(verdict.verdict === "connected", "genesis breaks no rule");
    this.#remember(GENESIS_ROW, GENESIS_CONTENT, verdict);
    this.#state.apply(verdict.delta);
  }

  #takeOver(from: SharedChain): void {
    this.#state.copy(from.stateAfter(this.#at));
    const connected = from.#connected.get(this.#at);
    assert(connected !== undefined, "the root is connected");
    this.#connected.set(this.#at, connected);
  }

  /** Whether the header, at that row or {@link ABSENT}, is known to obey the rules of headers there. */
  headerObeys(row: number, header: BlockHeader): boolean {
    return this.#memo && this.#obeying.has(row) && isSameHeader(this.tree.header(row), header);
  }

  /** Remembers that a header obeys the rules of headers where the tree has it. */
  noteHeaderObeys(row: number, header: BlockHeader): void {
    if (isSameHeader(this.tree.header(row), header)) this.#obeying.add(row);
  }

  /**
   * What `content`, of header `row`, does to the state its parent left. The parent must be connected. A clock, a tip or who
   * sent it have no part in the answer.
   */
  verdict(row: number, content: number): Verdict {
    const known = this.#verdicts.get(content);
    if (known !== undefined && this.#memo) return known;
    this.#moveTo(this.tree.parent(row));
    const options = { ...this.#connecting, trust: this.trustIn(row) };
    const verdict = connectBlock(this.#state, this.blocks.block(content), this.params, options);
    return this.#remember(row, content, verdict);
  }

  #remember(row: number, content: number, verdict: Verdict): Verdict {
    if (verdict.verdict !== "connected") {
      this.#verdicts.set(content, verdict);
      return verdict;
    }
    const kept = { ...verdict, delta: this.#shared.keepDelta(content, verdict.delta) };
    this.#verdicts.set(content, kept);
    // Contents that share a block hash and connect do the same: what tells them apart are signatures, which leave no trace.
    if (!this.#connected.has(row)) this.#connected.set(row, { content, delta: kept.delta });
    return kept;
  }

  /** The verdict on a content, if it was ever asked for. */
  knownVerdict(content: number): Verdict | undefined {
    return this.#verdicts.get(content);
  }

  /** Before blocks are folded up to `root`, which must be connected: no state is left standing on what will be dropped. */
  standOn(root: number): void {
    assert(this.#connected.has(root), "chains are folded to a block that is connected");
    if (this.tree.commonAncestor(this.#at, root) !== root) this.#moveTo(root);
  }

  /** After blocks were folded: forgets what was found of them. */
  forget(contents: readonly number[]): void {
    for (const content of contents) this.#verdicts.delete(content);
    for (const row of this.#connected.keys()) if (!this.tree.isLive(row)) this.#connected.delete(row);
    for (const row of this.#obeying) if (!this.tree.isLive(row)) this.#obeying.delete(row);
  }

  /** A content that connects as block `row`, if there is one yet. */
  connectedContent(row: number): number | undefined {
    return this.#connected.get(row)?.content;
  }

  /** The state after block `row`, which must be connected. Valid until the shared chain is asked anything else. */
  stateAfter(row: number): StateContents {
    this.#moveTo(row);
    return this.#state;
  }

  #moveTo(row: number): void {
    const fork = this.tree.commonAncestor(this.#at, row);
    for (; this.#at !== fork; this.#at = this.tree.parent(this.#at))
      this.#state.revert(this.deltaOf(this.#at));
    for (const next of this.tree.path(fork, row)) {
      this.#state.apply(this.deltaOf(next));
      this.#at = next;
    }
  }

  /** What block `row`, which must be connected, does to the state its parent left. */
  deltaOf(row: number): StateDelta {
    const delta = this.#connected.get(row)?.delta;
    assert(delta !== undefined, "states are after blocks that are connected, above the start");
    return delta;
  }

  /**
   * What is believed of block `row`: scripts below a checkpoint are taken as satisfied. Source: fluxd src/main.cpp ConnectBlock,
   * fExpensiveChecks.
   */
  trustIn(row: number): Trust {
    const { trust } = this.#connecting;
    if (trust !== "nothing") return trust;
    const checkpoint = highestCheckpoint(this.params, this.tree, () => true);
    const { tree } = this;
    return checkpoint !== undefined &&
      tree.height(checkpoint) >= tree.height(row) &&
      tree.ancestor(checkpoint, tree.height(row)) === row
      ? "scripts"
      : trust;
  }
}

/** Headers under one hash are the same, but for a producer's signature. */
const isSameHeader = (a: BlockHeader, b: BlockHeader): boolean =>
  a === b || a.kind !== "pon" || b.kind !== "pon" || equalBytes(a.signature, b.signature);
