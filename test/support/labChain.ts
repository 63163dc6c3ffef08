import {
  type Block,
  type ChainStart,
  ChainView,
  displayHash,
  type EquihashVerifier,
  type Params,
  plainEquihash,
  type SharedChain,
  SharedChains,
  type Trust,
  toDisplayHex,
} from "@fluxlab/core";
import { fastEcdsa } from "./ecdsa.ts";
import { labnet } from "./networks.ts";
import { parseBlock } from "./replay.ts";
import { readJsonLines } from "./vectors.ts";

/** A line of the recorded laboratory chain, as far as chain selection is concerned. */
interface ChainLine {
  readonly height: number;
  readonly hash: string;
  readonly time: number;
  readonly chainwork: string;
  readonly hex: string;
}

export interface LabChain {
  readonly line: ChainLine;
  readonly block: Block;
}

export const readLabChain = (): LabChain[] =>
  readJsonLines<ChainLine>("labnet/chain-a.jsonl").map((line) => ({
    line,
    block: parseBlock(Buffer.from(line.hex, "hex")),
  }));

export const sharedChainsOf = (
  begin: Block | ChainStart,
  trust: Trust,
  equihash: EquihashVerifier = plainEquihash,
  memo = true,
): SharedChains => new SharedChains(begin, { ecdsa: fastEcdsa, trust, equihash, memo });

export const sharedChainOf = (
  genesis: Block,
  trust: Trust,
  params: Params = labnet(),
  equihash: EquihashVerifier = plainEquihash,
): SharedChain => sharedChainsOf(genesis, trust, equihash).under(params);

export const viewOf = (shared: SharedChain): ChainView => new ChainView(shared, { useCheckpoints: false });

/** A node that starts with the chain up to a block, hash in display order, that the shared chain has connected. */
export function viewAt(shared: SharedChain, hash: string): ChainView {
  const view = viewOf(shared);
  view.restore(rowOf(shared, hash));
  return view;
}

/** Row of a hash in display order. */
export const rowOf = (shared: SharedChain, hash: string): number => shared.tree.find(displayHash(hash));

export const tipOf = (view: ChainView): string => toDisplayHex(view.tipHash);
