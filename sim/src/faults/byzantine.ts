import {
  type Block,
  type BlockHeader,
  type FullNode,
  merkleTree,
  type OrdinaryTransaction,
  Random,
  type Transaction,
  txid,
} from "@fluxlab/core";
import { anyoneCanSpend, spendAnyones } from "../world/modelledMining.ts";
import type { NetworkWorld } from "../world/networkWorld.ts";
import { equivocation } from "./equivocation.ts";
import type { ByzantineFault, Injection } from "./fault.ts";
import { selfishMining } from "./selfishMining.ts";

// Nodes that break rules or manners. Each runs a full node, so that others take it for one of them.

/** Microseconds between two acts of a spammer. */
const SPAM_EVERY = 500_000;
/** Headers of one spam message, all of one height or the next. */
const SPAM_HEADERS = 20;
/** Blocks back from the tip that spam begins at, at most. */
const SPAM_DEPTH = 30;

export function byzantine(world: NetworkWorld, fault: ByzantineFault): Injection {
  const random = Random.root(`${world.plan.seed}/byzantine ${fault.behaviour} ${fault.start}`);
  switch (fault.behaviour) {
    case "invalidBlocks":
      return invalidBlocks(world, fault, random);
    case "withholding":
      return withholding(world, fault);
    case "selfishMining":
      return selfishMining(world, fault);
    case "equivocation":
      return equivocation(world, fault);
    case "headerSpam":
      return spam(world, fault, (node) => spamHeaders(world, node, random));
    case "txSpam":
      return spam(world, fault, (node) => spamTransactions(world, node, random));
  }
}

/** To all peers of a node, whatever it thinks of them. */
function sendToAll(world: NetworkWorld, node: number, message: Parameters<NetworkWorld["send"]>[2]): void {
  for (const { id, introduced } of world.nodes[node]!.peers) if (introduced) world.send(node, id, message);
}

/** What they mine breaks a rule, and goes to all peers unasked. */
const invalidBlocks = (world: NetworkWorld, { nodes }: ByzantineFault, random: Random): Injection => ({
  begin: () => {
    for (const node of nodes) {
      world.minings.set(node, (block) =>
        sendToAll(world, node, { command: "block", block: spoilt(block, random) }),
      );
    }
  },
  end: () => {
    for (const node of nodes) world.minings.delete(node);
  },
});

/** The block with a coinbase that takes too much, pays the wrong FluxNode, or is not the one of the header. */
function spoilt({ header, transactions }: Block, random: Random): Block {
  const [coinbase, ...others] = transactions as [OrdinaryTransaction, ...Transaction[]];
  const outputs = coinbase.outputs.map((output) => ({ ...output }));
  const way = random.below(3);
  if (way === 0) outputs[0]!.value += 1n;
  else outputs[outputs.length - 1]!.scriptPubKey = anyoneCanSpend;
  const all = [{ ...coinbase, outputs }, ...others];
  // Without payees the wrong script is as good as another, so that block takes too much as well.
  if (outputs.length === 1) outputs[0]!.value += 1n;
  const merkleRoot = way === 2 ? header.merkleRoot : merkleTree(all.map((tx) => txid(tx))).root;
  return { header: { ...header, merkleRoot } as BlockHeader, transactions: all };
}

/** They tell of blocks and never hand them over. */
const withholding = (world: NetworkWorld, { nodes }: ByzantineFault): Injection => ({
  begin: () => {
    for (const node of nodes) {
      world.filters.set(node, ({ command }) => !["block", "cmpctblock", "blocktxn"].includes(command));
    }
  },
  end: () => {
    for (const node of nodes) world.filters.delete(node);
  },
});

function spam(world: NetworkWorld, { nodes, end }: ByzantineFault, act: (node: number) => void): Injection {
  const again = () => {
    for (const node of nodes) if (world.down[node] === 0) act(node);
    if (world.now + SPAM_EVERY < end) world.interfere(world.now + SPAM_EVERY, again);
  };
  return { begin: again, end: () => {} };
}

/**
 * Headers without blocks: siblings of those of the chain, which cost a spammer nothing where proof is modelled. Under proof of node they
 * cost nobody anything: the draw does not depend on what is in the block, and signatures are not asked of headers.
 */
function spamHeaders(world: NetworkWorld, node: number, random: Random): void {
  const { chain } = world.nodes[node]!;
  const { tree } = chain.shared;
  const depth = random.below(Math.min(SPAM_DEPTH, chain.tipHeight - tree.height(tree.root)) + 1);
  if (depth === 0) return;
  const header = tree.header(tree.ancestor(chain.tip, chain.tipHeight - depth));
  const headers = Array.from({ length: SPAM_HEADERS }, () => {
    const bytes = Uint8Array.from({ length: 32 }, () => random.below(256));
    return header.kind === "pow" ? { ...header, nonce: bytes } : { ...header, merkleRoot: bytes };
  });
  sendToAll(world, node, { command: "headers", headers });
}

/** Chains of transactions that move the same coins about, and as many that are no good. */
function spamTransactions(world: NetworkWorld, at: number, random: Random): void {
  const node: FullNode = world.nodes[at]!;
  const tx = spendAnyones(node, random);
  if (tx === undefined) return;
  node.submitTransaction(tx);
  const [first, ...rest] = tx.outputs;
  const bad = { ...tx, outputs: [{ ...first!, value: first!.value + 44_000_000_000n }, ...rest] };
  sendToAll(world, at, { command: "tx", tx: bad });
}
