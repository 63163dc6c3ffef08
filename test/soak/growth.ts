import {
  type Block,
  type ChainStart,
  ChainView,
  type Params,
  plainEquihash,
  SharedChains,
} from "@fluxlab/core";
import { fastEcdsa } from "../support/ecdsa.ts";
import { heldMemory } from "../support/heldMemory.ts";

// What nodes hold grows with their chain: every header, and every coin that nobody spent, is kept for good. How much that is, a
// chain without a node says, which is given the same blocks and folded to the same heights. The difference is what nodes keep besides.

/** What was there when somebody looked. */
export interface SoakPoint {
  readonly height: number;
  /** Up to which height the chain was folded. */
  readonly root: number;
  /** Bytes held by all there is. */
  readonly bytes: number;
}

/** The same moment, and what a chain alone holds then. */
export interface ComparedPoint extends SoakPoint {
  readonly chainBytes: number;
}

/** Plays `blocks`, in order of arrival, into a chain without a node, and looks at it where somebody looked before. */
export function compareWithChain(
  points: readonly SoakPoint[],
  begin: Block | ChainStart,
  params: Params,
  blocks: Iterable<Block>,
): ComparedPoint[] {
  const chains = new SharedChains(begin, { ecdsa: fastEcdsa, trust: "signatures", equihash: plainEquihash });
  const view = new ChainView(chains.under(params), { useCheckpoints: false });
  const compared: ComparedPoint[] = [];
  for (const block of blocks) {
    const point = points[compared.length];
    if (point === undefined) break;
    const { outcome } = view.acceptBlock(block, block.header.time).result;
    if (outcome !== "active" && outcome !== "held")
      throw new Error(`a block that nodes took is ${outcome} after ${view.tipHeight}`);
    if (view.tipHeight < point.height) continue;
    chains.fold([view], point.root);
    compared.push({ ...point, chainBytes: heldMemory() });
  }
  if (compared.length < points.length) throw new Error(`the chain ends at ${view.tipHeight}`);
  return compared;
}

/** Bytes by which memory grows a block from some point on: all of it, the chain's own part, and the rest. By least squares. */
export interface Growth {
  readonly all: number;
  readonly chain: number;
  readonly rest: number;
}

export function growthABlock(points: readonly ComparedPoint[], from: number): Growth {
  const late = points.slice(from);
  const all = slope(late, ({ bytes }) => bytes);
  const chain = slope(late, ({ chainBytes }) => chainBytes);
  return { all, chain, rest: all - chain };
}

function slope(points: readonly ComparedPoint[], bytesOf: (point: ComparedPoint) => number): number {
  const mean = (value: (point: ComparedPoint) => number): number =>
    points.reduce((sum, point) => sum + value(point), 0) / points.length;
  const [height, bytes] = [mean((point) => point.height), mean(bytesOf)];
  const spread = points.reduce((sum, point) => sum + (point.height - height) ** 2, 0);
  return points.reduce((sum, point) => sum + (point.height - height) * (bytesOf(point) - bytes), 0) / spread;
}
