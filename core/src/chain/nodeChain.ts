import type { Params } from "../params/params.ts";
import { TIERS } from "../primitives/tier.ts";
import { type RewardRun, rewardRun } from "../rules/fluxnode/rewardRun.ts";
import { FluxnodeTable } from "../state/fluxnodeTable.ts";
import { NO_ROW } from "../state/paymentQueue.ts";
import {
  type FluxnodeFacts,
  type FluxnodeTransition,
  fluxnodeTransition,
  nodesAreDue,
} from "./fluxnodeTransition.ts";

/** What a block holds that moves nodes, besides its payments. */
export type NodeBlock = Omit<FluxnodeFacts, "paid">;

/**
 * A chain as its FluxNodes see it: the lists, the payment queues and the supply of the connected state, moved on by the rules of
 * {@link connectBlock}, without coins, scripts and bytes. Every coinbase pays what is due and claims all it may; that blocks
 * hold only what is valid is up to the caller. For runs of millions of blocks, forward only.
 */
export class NodeChain {
  readonly params: Params;
  readonly nodes: FluxnodeTable;
  /** Of the latest block. */
  height: number;
  /** Satoshi that coinbases have created. */
  supply: bigint;
  /** What the next block mints and shares out. */
  rewards: RewardRun;

  /** After block `height`, with `supply` satoshi created and no nodes yet. */
  constructor(params: Params, height: number, supply: bigint) {
    this.params = params;
    this.nodes = new FluxnodeTable();
    this.height = height;
    this.supply = supply;
    this.rewards = rewardRun(params, height + 1);
  }

  /**
   * Connects the next block, undefined if it holds nothing but its coinbase. Answers with what it did to nodes besides paying
   * them; undefined if that was nothing, which takes no more than a step a tier.
   */
  connect(block: NodeBlock | undefined): FluxnodeTransition | undefined {
    const height = this.height + 1;
    const { minted, last } = this.rewards;
    const quiet = block === undefined && !nodesAreDue(this.nodes, height, this.params);
    const transition = quiet ? this.#payHeads(height) : this.#move(block ?? EMPTY, height);
    this.supply += minted;
    this.height = height;
    if (height === last) this.rewards = rewardRun(this.params, height + 1);
    return transition;
  }

  #payHeads(height: number): undefined {
    if (!this.rewards.pays) return;
    for (let tier = 0; tier < TIERS.length; tier++) {
      const row = this.nodes.headRow(tier);
      if (row !== NO_ROW) this.nodes.pay(row, height);
    }
  }

  /** Payees are the heads from before the block; they are paid last, and those that it removed have no record to note it in. */
  #move(block: NodeBlock, height: number): FluxnodeTransition {
    const heads = this.rewards.pays ? TIERS.map((_, tier) => this.nodes.headRow(tier)) : [];
    const payees = heads.map((row) => this.nodes.at(row));
    const transition = fluxnodeTransition(this.nodes, { ...block, paid: [] }, height, this.params);
    for (const [key, { after }] of transition.changes) this.nodes.set(key, after);
    for (const [i, row] of heads.entries()) {
      if (payees[i] !== undefined && this.nodes.at(row)?.identity === payees[i].identity)
        this.nodes.pay(row, height);
    }
    return transition;
  }
}

const EMPTY: NodeBlock = { starts: [], confirms: [], spent: [] };
