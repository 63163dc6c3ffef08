import { type Block, ChainView, regtest } from "@fluxlab/core";
import { line } from "../support/figures.ts";
import { memoryRetained } from "../support/heap.ts";
import { sharedChainOf } from "../support/labChain.ts";
import { NodeNetwork } from "../support/nodeNetwork.ts";
import { parseBlock } from "../support/replay.ts";
import { readJsonLines, vectorsPresent } from "../support/vectors.ts";

const CHAIN = "labnet/regtest-chain.jsonl";
const NODES = 1_000;
const OUTBOUND = 8;
const WARM_UP = 20;
const BLOCKS = 100;
const BLOCK_SECONDS = 30;
/** Messages of one block that wait in the queue at a time. */
const IN_THE_AIR = 9_000;

/** A network in which each node has connected to {@link OUTBOUND} others, the same in every run. */
function network(blocks: readonly Block[]): NodeNetwork {
  const shared = sharedChainOf(blocks[0]!, "signatures", regtest);
  const settings = { keepAlive: false };
  const made = new NodeNetwork(shared, { start: blocks[1]!.header.time, settings, record: false });
  for (let i = 0; i < NODES; i++) made.add();
  for (const node of made.nodes) {
    for (let link = 0; link < OUTBOUND; link++) {
      const to = (node.index + 1 + ((node.index * 7_919 + link * 104_729) % (NODES - 1))) % NODES;
      made.connect(node, made.nodes[to]!, 20_000 + ((node.index * 31 + link * 17) % 100) * 1_000);
    }
  }
  made.run(10);
  return made;
}

/** Each block appears at another node and reaches all. */
function play(made: NodeNetwork, blocks: readonly Block[]): void {
  for (const [i, block] of blocks.entries()) {
    made.time = Math.max(made.time, block.header.time * 1_000_000);
    made.nodes[(i * 613) % NODES]!.node.submitBlock(block);
    made.run(BLOCK_SECONDS);
  }
}

/** As many messages between receivers that do nothing: what the queue of this bench costs. */
function idleTraffic(made: NodeNetwork, messages: number): number {
  const heard = { happens: () => {} };
  const said = { command: "verack" } as const;
  const start = performance.now();
  for (let sent = 0; sent < messages; sent += IN_THE_AIR) {
    for (let i = 0; i < IN_THE_AIR; i++)
      made.at(made.time + 20_000 + ((i * 7_919) % 100) * 1_000, heard, 0, said);
    made.run(1);
  }
  return performance.now() - start;
}

/** The same blocks, given to every node by hand: what judging and keeping them costs without a network. */
function byHand(blocks: readonly Block[]): number {
  const shared = sharedChainOf(blocks[0]!, "signatures", regtest);
  const views = Array.from({ length: NODES }, () => new ChainView(shared, { useCheckpoints: false }));
  const start = performance.now();
  for (const block of blocks.slice(1, 1 + BLOCKS))
    for (const view of views) view.acceptBlock(block, block.header.time);
  return performance.now() - start;
}

/** Prints what a block costs a node among a thousand, and what a node weighs. */
export function benchNode(): void {
  if (!vectorsPresent) {
    console.log("node: no figures, ../shared/vectors is not beside this checkout");
    return;
  }
  console.log(`node: ${NODES} full nodes, ${OUTBOUND} outbound links each, ${BLOCKS} blocks`);
  const blocks = readJsonLines<{ hex: string }>(CHAIN).map(({ hex }) => parseBlock(Buffer.from(hex, "hex")));
  const made = network(blocks);
  play(made, blocks.slice(1, 1 + WARM_UP));
  const [messages, start] = [made.messages, performance.now()];
  play(made, blocks.slice(1 + WARM_UP, 1 + WARM_UP + BLOCKS));
  const ms = performance.now() - start;
  const tips = new Set(made.nodes.map(({ node }) => node.chain.tip));
  if (tips.size !== 1) throw new Error(`the nodes of the bench ended at ${tips.size} tips`);
  const nodeBlocks = NODES * BLOCKS;
  line("node-blocks through the network", (nodeBlocks / ms) * 1_000, "/s");
  line("  a node-block", (ms / nodeBlocks) * 1_000, "us", 2);
  line("  messages a node-block", (made.messages - messages) / nodeBlocks, "", 1);
  const idle = idleTraffic(made, made.messages - messages);
  line("baseline: as many messages that nobody heeds", (idle / nodeBlocks) * 1_000, "us", 2);
  const hand = byHand(blocks);
  line("baseline: blocks given to views by hand", (hand / nodeBlocks) * 1_000, "us", 2);
  line("memory of a node with its links", memoryRetained(() => network(blocks)) / NODES / 1_024, "KiB", 1);
}
