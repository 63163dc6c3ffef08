import {
  type Block,
  blockHash,
  ChainView,
  FROM_USER,
  generateBlocks,
  Mempool,
  medianTimePast,
  plainEquihash,
  plainSolver,
  Random,
  SharedChains,
  stateHash,
  toDisplayHex,
} from "@fluxlab/core";
import { BENCH_GENESIS, BENCH_PARAMS } from "./benchNode.ts";
import { coinbaseAt, passedOn } from "./benchPayments.ts";
import { fastEcdsa } from "./ecdsa.ts";
import { MINER_SCRIPT } from "./miningLab.ts";

// Two miners who lose sight of each other again and again: each time either has the longer branch in turn, so that a node that hears
// both reorganises deeper and deeper. Most blocks spend a coin of their own branch.

const JUDGING = { ecdsa: fastEcdsa, trust: "signatures", equihash: plainEquihash } as const;
const newView = (): ChainView =>
  new ChainView(new SharedChains(BENCH_GENESIS, JUDGING).under(BENCH_PARAMS), { useCheckpoints: false });

/** Blocks in order of arrival, and what a node that never failed comes to. */
export interface ForkedChain {
  readonly arrivals: readonly Block[];
  /** Hash of the tip (display order) after each arrival. */
  readonly tips: readonly string[];
  /** Digest of the state by tip. */
  readonly digests: ReadonlyMap<string, string>;
  /** The chain that is the best in the end, without genesis. */
  readonly best: readonly Block[];
}

export function forkedChain(rounds: number): ForkedChain {
  const arrivals: Block[] = [];
  const [first, second] = [newView(), newView()];
  const mine = (view: ChainView, count: number, late: number): void => {
    for (let i = 0; i < count; i++) arrivals.push(minedOn(view, late));
  };
  const meet = (from: ChainView, to: ChainView): void => {
    for (const block of chainOf(from)) to.acceptBlock(block, block.header.time);
  };
  mine(first, BENCH_PARAMS.coinbaseMaturity + 2, 0);
  for (let round = 0; round < rounds; round++) {
    meet(first, second);
    mine(first, 2, 0);
    mine(second, 3, 1);
    mine(first, 3, 0);
    mine(second, 4, 1);
    mine(first, 3, 0);
  }
  return { arrivals, ...replayed(arrivals), best: chainOf(first) };
}

/** `late`: seconds by which the miner's clock differs from others'. */
function minedOn(view: ChainView, late: number): Block {
  const headers = view.headers();
  const now = headers.time(headers.height) + BENCH_PARAMS.pow.targetSpacing + late;
  const random = Random.root(`${late}`);
  const mempool = new Mempool(BENCH_PARAMS, fastEcdsa, random.fork("pool"));
  const spends = headers.height + 1 - BENCH_PARAMS.coinbaseMaturity;
  if (spends > 0) {
    const { outpoint, coin } = coinbaseAt(view, spends);
    const tip = { state: view.state(), medianTime: medianTimePast(headers) };
    const payment = passedOn(outpoint, coin, headers.height + 1);
    const { accepted } = mempool.accept(payment, tip, { now, adjustedTime: now }, FROM_USER);
    if (!accepted) throw new Error("a payment of the miner's was refused");
  }
  const { stopped } = generateBlocks(view, 1, {
    ...JUDGING,
    params: BENCH_PARAMS,
    payTo: MINER_SCRIPT,
    adjustedTime: now,
    solver: () => plainSolver({ n: 48, k: 5 })!,
    random,
    producers: [],
    mempool,
  });
  if (stopped !== undefined) throw new Error(stopped.why);
  return view.block(view.tip) as Block;
}

const chainOf = (view: ChainView): Block[] =>
  Array.from(
    { length: view.tipHeight },
    (_, i) => view.block(view.shared.tree.ancestor(view.tip, i + 1)) as Block,
  );

/** What a node with nothing but memory makes of them, in the order given and along the best chain. */
function replayed(arrivals: readonly Block[]): Pick<ForkedChain, "tips" | "digests"> {
  const digests = new Map<string, string>();
  const take = (view: ChainView, block: Block): string => {
    view.acceptBlock(block, block.header.time);
    const tip = toDisplayHex(view.tipHash);
    if (!digests.has(tip)) digests.set(tip, stateHash(view.state()));
    return tip;
  };
  const view = newView();
  digests.set(toDisplayHex(view.tipHash), stateHash(view.state()));
  const tips = arrivals.map((block) => take(view, block));
  const straight = newView();
  for (const block of chainOf(view)) take(straight, block);
  return { tips, digests };
}

/** Name of a block. */
export const hashText = (block: Block): string => toDisplayHex(blockHash(block.header));
