import {
  type Block,
  type BlockHeader,
  blockHash,
  ChainView,
  HeaderTree,
  type Params,
  regtest,
  type SharedChain,
  type SharedChains,
} from "@fluxlab/core";
import { line } from "../support/figures.ts";
import { memoryRetained } from "../support/heap.ts";
import { believingChains, mined, regtestGenesis } from "../support/minedChains.ts";
import { withUpgrades } from "../support/networks.ts";
import { vectorsPresent } from "../support/vectors.ts";

// What nodes of one process weigh beyond what they share, and what a block weighs before and after chains are folded.

const VIEWS = 10_000;
const BLOCKS = 1_500;
const BRANCH = 3;
const LATE = 2 ** 32 - 1;
const NODE_BUDGET_MIB = 300;

const params: Params = withUpgrades(regtest, { acadia: 1, pon: 10 });

/** Nodes that are given the same blocks in turn, and a branch that is the best for a while. */
interface World {
  readonly chains: SharedChains;
  readonly shared: SharedChain;
  readonly lead: ChainView;
}

const newView = (shared: SharedChain): ChainView => new ChainView(shared, { useCheckpoints: false });

function give(view: ChainView, blocks: readonly Block[]): void {
  for (const block of blocks) view.acceptBlock(block, LATE);
}

/** `foldEvery`: blocks between folds. */
function play(blocks: readonly Block[], foldEvery: number): World {
  const chains = believingChains(blocks[0]!);
  const shared = chains.under(params);
  const lead = newView(shared);
  for (const [height, block] of blocks.entries()) {
    lead.acceptBlock(block, LATE);
    if (height % foldEvery === foldEvery - 1) chains.fold([lead]);
  }
  return { chains, shared, lead };
}

/** Every block an object of its own, as if it had just been read. */
const copied = (blocks: readonly Block[]): Block[] => structuredClone(blocks) as Block[];

function benchBlocks(blocks: readonly Block[]): void {
  const kept = memoryRetained(() => play(copied(blocks), Number.POSITIVE_INFINITY));
  const folded = memoryRetained(() => play(copied(blocks), 50));
  const { tree } = play(blocks, 50).shared;
  const gone = tree.height(tree.root);
  line("a retained block of one transaction", (kept - folded) / gone, "bytes");
}

const HEADERS = 20_000;

function benchHeaders(): void {
  const folded = memoryRetained(() => {
    const { tree, tip } = headers(50);
    tree.fold(tip);
    return tree;
  });
  line("a folded proof-of-node header", folded / HEADERS, "bytes");
  line("baseline: the same header not folded", memoryRetained(() => headers(HEADERS)) / HEADERS, "bytes");
}

/** A chain of proof-of-node headers as they are on the main network. `foldEvery`: headers between folds. */
function headers(foldEvery: number): { tree: HeaderTree; tip: number } {
  const next = (previousHash: Uint8Array, time: number): BlockHeader => ({
    kind: "pon",
    version: 100,
    previousHash,
    merkleRoot: new Uint8Array(32).fill(time),
    saplingRoot: new Uint8Array(32),
    time,
    bits: 0x1f07ffff,
    collateral: { txid: new Uint8Array(32).fill(time + 1), index: 0 },
    signature: new Uint8Array(71),
  });
  const tree = new HeaderTree(next(new Uint8Array(32), 0));
  let tip = 0;
  for (let time = 1; time < HEADERS; time++) {
    const header = next(tree.hash(tip), time);
    tip = tree.add(header, blockHash(header), tip);
    if (time % foldEvery === 0) tree.fold(tip);
  }
  return { tree, tip };
}

/** Nodes that moved, forked and came back: an odd one follows a branch of its own for some blocks. */
function benchNodes(blocks: readonly Block[]): void {
  const recent = 50;
  const { shared, lead } = play(blocks.slice(0, -recent), 50);
  const start = lead.tip;
  const last = blocks.slice(-recent);
  const fork = BLOCKS - recent + 20;
  const branch = mined(params, blocks[0]!, fork + BRANCH, 7, blocks.slice(0, fork + 1)).slice(-BRANCH);
  give(lead, [...last, ...branch]);
  const views = (): ChainView[] =>
    Array.from({ length: VIEWS }, (_, n) => {
      const view = newView(shared);
      view.restore(start);
      give(view, last.slice(0, 20 + (n % 2)));
      if (n % 2 === 1) give(view, branch);
      give(view, last.slice(20));
      if (view.tip !== lead.tip) throw new Error("every node comes back");
      return view;
    });
  const bytes = memoryRetained(views);
  line(
    `${VIEWS} nodes that moved, forked and came back`,
    bytes / 2 ** 20,
    `MiB (at most ${NODE_BUDGET_MIB})`,
    1,
  );
  line("a node's view", bytes / VIEWS, "bytes");
  line("baseline: marks of that many blocks, not folded", 9 * shared.tree.size, "bytes/node");
}

/** Prints what nodes and blocks weigh. */
export function benchViews(): void {
  if (!vectorsPresent) {
    console.log("views: no figures, ../shared/vectors is not beside this checkout");
    return;
  }
  const blocks = mined(params, regtestGenesis(), BLOCKS);
  const start = performance.now();
  play(blocks, 50);
  line("through a view, signatures off, folding", (BLOCKS * 1_000) / (performance.now() - start), "blocks/s");
  benchBlocks(blocks);
  benchHeaders();
  benchNodes(blocks);
}
