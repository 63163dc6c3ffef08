import type { Params } from "../params/params.ts";
import { rulesId } from "../params/rulesId.ts";
import type { Block } from "../primitives/block.ts";
import { assert } from "../util/assert.ts";
import type { ChainStart } from "./chainStart.ts";
import type { ChainView } from "./chainView.ts";
import { foldPoint } from "./foldPoint.ts";
import type { Foundation } from "./foundation.ts";
import { GENESIS_ROW } from "./headerTree.ts";
import { SharedBlocks } from "./sharedBlocks.ts";
import { SharedChain, type SharedChainOptions } from "./sharedChain.ts";
import { rewindHeight } from "./startUpRewind.ts";

/**
 * All chains of one process: blocks once, and verdicts once for each set of rules that any node keeps to. A node that upgrades
 * late is a node under other rules.
 */
export class SharedChains {
  readonly #blocks: SharedBlocks;
  readonly #options: SharedChainOptions;
  /** By rulesId. */
  readonly #chains: Map<string, SharedChain>;
  readonly #start: ChainStart | undefined;

  /** From genesis on, or from a state that somebody has connected before. `blocks`: those that a host has already. */
  constructor(
    begin: Block | ChainStart,
    options: SharedChainOptions,
    blocks: SharedBlocks = new SharedBlocks(begin),
  ) {
    this.#blocks = blocks;
    this.#start = "state" in begin ? begin : undefined;
    this.#options = options;
    this.#chains = new Map();
  }

  /**
   * Chains that were folded before, as they come from a disk: they stand on `foundation`. Undefined if it is none of this genesis
   * block and these rules.
   */
  static on(
    foundation: Foundation,
    genesis: Block,
    params: Params,
    options: SharedChainOptions,
  ): SharedChains | undefined {
    const { headers, root, before } = foundation;
    const blocks = SharedBlocks.upTo(genesis, headers, root);
    if (blocks === undefined) return undefined;
    const chains = new SharedChains(genesis, options, blocks);
    const chain = new SharedChain(params, blocks, options, before);
    if (!chain.connectRoot(root)) return undefined;
    chains.#chains.set(rulesId(params), chain);
    return chains;
  }

  /**
   * What nodes under these rules share. Where blocks were folded, rules that nobody kept to begin with the state that others
   * left there, as a node does that starts under other rules on its old disk; they may differ only in upgrades above.
   */
  under(params: Params): SharedChain {
    const id = rulesId(params);
    const chain =
      this.#chains.get(id) ?? new SharedChain(params, this.#blocks, this.#options, this.#begin(params));
    this.#chains.set(id, chain);
    return chain;
  }

  #begin(params: Params): SharedChain | ChainStart | undefined {
    const { tree } = this.#blocks;
    const [from] = this.#chains.values();
    if (from === undefined && this.#start !== undefined) return this.#start;
    if (tree.root === GENESIS_ROW && this.#start === undefined) return undefined;
    assert(from !== undefined, "some node has kept to the rules by which blocks were folded");
    const root = tree.height(tree.root);
    const rewound = rewindHeight(from.params, params, root);
    assert(
      rewound === root,
      `rules of ${params.name} differ from height ${rewound + 1}, and blocks up to ${root} are folded: keep more, or start nodes under them before`,
    );
    return from;
  }

  /**
   * Folds what none of `views`, which are all views that will be asked or given anything again, can need to choose its chain:
   * contents, deltas and marks up to the highest safe block, and whole branches that left below it. A view that is far
   * behind, or on a branch of its own, keeps all that is above its fork. Rules that no view keeps to are forgotten.
   * A block of a dropped branch that comes again is refused for its depth or for its unknown parent, where it was known before.
   * `keepFrom`: lowest height whose block or delta someone may still ask for: a peer, or an asset ledger beside the chain. Returns the row of the block that states now begin at.
   */
  fold(views: Iterable<ChainView>, keepFrom: number = Number.POSITIVE_INFINITY): number {
    const all = [...views];
    assert(all.length > 0, "chains are folded below views");
    const tips = new Map<SharedChain, Set<number>>();
    for (const { shared, tip } of all) {
      const others = tips.get(shared);
      if (others === undefined) tips.set(shared, new Set([tip]));
      else others.add(tip);
    }
    const { tree } = this.#blocks;
    const live = [...tips].flatMap(([{ params }, rows]) => [...rows].map((tip) => ({ tip, params })));
    const root = foldPoint(tree, live, keepFrom);
    if (root === tree.root) return root;
    for (const [id, chain] of this.#chains) if (!tips.has(chain)) this.#chains.delete(id);
    for (const chain of tips.keys()) chain.standOn(root);
    const dropped = this.#blocks.fold(root);
    for (const chain of tips.keys()) chain.forget(dropped);
    for (const view of all) view.fold();
    return root;
  }
}
