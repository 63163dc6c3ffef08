import {
  type Block,
  ChainView,
  displayHash,
  type EquihashVerifier,
  Ledger,
  type Params,
  plainEquihash,
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

export const ledgerOf = (
  genesis: Block,
  trust: Trust,
  params: Params = labnet(),
  equihash: EquihashVerifier = plainEquihash,
): Ledger => new Ledger(params, genesis, { ecdsa: fastEcdsa, trust, equihash });

export const viewOf = (ledger: Ledger): ChainView => new ChainView(ledger, { useCheckpoints: false });

/** A node that starts with the chain up to a block, hash in display order, that the ledger has connected. */
export function viewAt(ledger: Ledger, hash: string): ChainView {
  const view = viewOf(ledger);
  view.restore(rowOf(ledger, hash));
  return view;
}

/** Row of a hash in display order. */
export const rowOf = (ledger: Ledger, hash: string): number => ledger.tree.find(displayHash(hash));

export const tipOf = (view: ChainView): string => toDisplayHex(view.tipHash);
