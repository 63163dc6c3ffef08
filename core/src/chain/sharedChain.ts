import { equalBytes } from "../bytes/compare.ts";
import { displayHash } from "../bytes/hex.ts";
import type { Params } from "../params/params.ts";
import type { Block } from "../primitives/block.ts";
import type { HeaderVerifier } from "../rules/headerRules.ts";
import { BaseState } from "../state/base.ts";
import type { StateDelta } from "../state/delta.ts";
import type { StateContents } from "../state/stateView.ts";
import { assert } from "../util/assert.ts";
import type { ConnectOptions, Trust } from "./blockOnParent.ts";
import { BlockStore } from "./blockStore.ts";
import { highestCheckpoint } from "./checkpoints.ts";
import { connectBlock, type Verdict } from "./connectBlock.ts";
import { GENESIS_ROW, HeaderTree } from "./headerTree.ts";

/** How a shared chain judges: with which verifiers, and what it believes unseen. */
export interface SharedChainOptions extends ConnectOptions {
  readonly equihash: HeaderVerifier["equihash"];
}

/** How a block was connected, by whatever content did it first. */
interface ConnectedRow {
  readonly content: number;
  readonly delta: StateDelta;
}

/**
 * Everything about blocks that is the same for all nodes under one set of rules: headers, contents, and what each content does
 * to the state its parent left. A content is judged once, whoever asks, and what is remembered is named by the content and not
 * by the block hash, which says less. One state serves all answers; it moves between branches by deltas.
 */
export class SharedChain {
  readonly params: Params;
  readonly tree: HeaderTree;
  readonly blocks: BlockStore;
  readonly verifier: HeaderVerifier;
  readonly #connecting: ConnectOptions;
  /** By content. */
  readonly #verdicts: (Verdict | undefined)[];
  /** By row of the header tree. */
  readonly #connected: (ConnectedRow | undefined)[];
  readonly #state: BaseState;
  /** Row of the block the state is after. */
  #at: number;

  /** `genesis` must be that of the parameters. */
  constructor(params: Params, genesis: Block, { ecdsa, trust, equihash }: SharedChainOptions) {
    this.params = params;
    this.tree = new HeaderTree(genesis.header);
    this.blocks = new BlockStore();
    this.verifier = { ecdsa, equihash };
    this.#connecting = { ecdsa, trust };
    this.#verdicts = [];
    this.#connected = [];
    this.#state = new BaseState();
    this.#at = GENESIS_ROW;
    assert(
      equalBytes(this.tree.hash(GENESIS_ROW), displayHash(params.genesis.hash)),
      `this is the genesis block of ${params.name}`,
    );
    this.#state.apply(this.#judge(GENESIS_ROW, this.blocks.add(genesis)));
  }

  /** Connects genesis, on the state before everything. */
  #judge(row: number, content: number): StateDelta {
    const verdict = connectBlock(this.#state, this.blocks.block(content), this.params, this.#connecting);
    assert(verdict.verdict === "connected", "genesis breaks no rule");
    this.#remember(row, content, verdict);
    return verdict.delta;
  }

  /**
   * What `content`, of header `row`, does to the state its parent left. The parent must be connected. A clock, a tip or who
   * sent it have no part in the answer.
   */
  verdict(row: number, content: number): Verdict {
    const known = this.#verdicts[content];
    if (known !== undefined) return known;
    this.#moveTo(this.tree.parent(row));
    const options = { ...this.#connecting, trust: this.#trustIn(row) };
    const verdict = connectBlock(this.#state, this.blocks.block(content), this.params, options);
    this.#remember(row, content, verdict);
    return verdict;
  }

  #remember(row: number, content: number, verdict: Verdict): void {
    this.#verdicts[content] = verdict;
    // Contents that share a block hash and connect do the same: what tells them apart are signatures, which leave no trace.
    if (verdict.verdict === "connected") this.#connected[row] ??= { content, delta: verdict.delta };
  }

  /** The verdict on a content, if it was ever asked for. */
  knownVerdict(content: number): Verdict | undefined {
    return this.#verdicts[content];
  }

  /** A content that connects as block `row`, if there is one yet. */
  connectedContent(row: number): number | undefined {
    return this.#connected[row]?.content;
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
    const connected = this.#connected[row];
    assert(connected !== undefined, "states are after blocks that are connected");
    return connected.delta;
  }

  /** Scripts below a checkpoint are taken as satisfied. Source: fluxd src/main.cpp ConnectBlock, fExpensiveChecks. */
  #trustIn(row: number): Trust {
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
