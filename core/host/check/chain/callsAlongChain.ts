import { type Block, type ChainView, GENESIS_ROW, ParseError, toDisplayHex } from "@fluxlab/core";
import type { Field } from "../../field.ts";
import type { Case } from "../kind.ts";
import { NodeRun, namedBlock, readStep } from "./nodeRun.ts";
import type { RecordedChains } from "./recordedChains.ts";
import { submittedBlock } from "./submitBlock.ts";

// invalidateblock and reconsiderblock on a node that follows a chain and on its way was given the reorganisations that lead
// back to that chain: a branch that lost may win once the block in its way is called invalid.

/** The cases {atHeight, atHash, steps}, lowest first, to be checked in this order. `forks`: those reorganisations. */
export function callCases(
  recorded: readonly Field[],
  forks: readonly Field[],
  chains: RecordedChains,
): Case[] {
  const follower = new Follower(forks, chains);
  const height = (each: Field): number => each.get("atHeight").height();
  return recorded
    .toSorted((a, b) => height(a) - height(b))
    .flatMap((each) => {
      const run = new NodeRun(chains, () => follower.nodeAt(each.get("atHash")), undefined);
      const steps = each.get("steps").items();
      return steps.map((row) => ({ name: row.path, check: () => run.check(readStep(row, undefined)) }));
    });
}

/** A node that moves up a chain and takes in forks where they begin. */
class Follower {
  readonly #chains: RecordedChains;
  readonly #forks: readonly Field[];
  #node: ChainView | undefined;
  #clock: number;

  constructor(forks: readonly Field[], chains: RecordedChains) {
    this.#forks = forks;
    this.#chains = chains;
    this.#clock = 0;
  }

  /** The node, with its tip at a block that no branch it was given outdoes. @throws FormatError */
  nodeAt(hash: Field): ChainView {
    const target = this.#chains.connectedRow(hash);
    const { tree } = this.#chains.sharedFor(hash);
    const from = this.#node;
    if (from === undefined || tree.commonAncestor(from.tip, target) !== from.tip) this.#restart(hash);
    const node = this.#node!;
    for (const row of tree.path(node.tip, target)) this.#give(node, this.#chains.blockAt(row, hash));
    return node;
  }

  #restart(hash: Field): void {
    const genesis = this.#chains.blockAt(GENESIS_ROW, hash);
    this.#node = this.#chains.nodeAtGenesis(genesis);
  }

  #give(node: ChainView, block: Block): void {
    this.#clock = Math.max(this.#clock, block.header.time);
    node.acceptBlock(block, this.#clock);
    const tip = toDisplayHex(node.tipHash);
    for (const fork of this.#forks) {
      if (fork.get("forkHash").text() !== tip) continue;
      this.#clock = Math.max(this.#clock, fork.get("mockTime").u32());
      for (const branchBlock of blocksInOrder(fork)) node.acceptBlock(branchBlock, this.#clock);
    }
  }
}

/** Blocks of a reorganisation as its first node got them; those that cannot be read fail where they are checked. */
function blocksInOrder(fork: Field): Block[] {
  const blocks = fork.get("blocks");
  const order = fork.get("orders").at(0);
  return (order.find("order") ?? order.get("steps")).items().flatMap((row) => {
    const block = submittedBlock(namedBlock(row.isObject() ? row.get("block") : row, blocks));
    return block instanceof ParseError ? [] : [block];
  });
}
