import {
  type Block,
  ParseError,
  parse,
  readBlock,
  type Transaction,
  type TxOutput,
  toDisplayHex,
  txid,
} from "@fluxlab/core";
import { readJsonLines } from "./vectors.ts";

/** Outputs by `txid:index`, spent ones included: enough to run scripts, and nothing that could hide a missing rule. */
export class OutputTable {
  readonly #outputs = new Map<string, TxOutput>();

  add(tx: Transaction): void {
    if (tx.kind !== "ordinary") return;
    const id = toDisplayHex(txid(tx));
    for (const [index, output] of tx.outputs.entries()) this.#outputs.set(`${id}:${index}`, output);
  }

  get(id: Uint8Array, index: number): TxOutput | undefined {
    return this.#outputs.get(`${toDisplayHex(id)}:${index}`);
  }
}

export interface RecordedBlock {
  readonly height: number;
  readonly block: Block;
}

/** The recorded laboratory chain, genesis first. */
export const recordedChain = (): RecordedBlock[] =>
  readJsonLines<{ height: number; hex: string }>("labnet/chain-a.jsonl").map(({ height, hex }) => {
    const block = parse(Buffer.from(hex, "hex"), readBlock);
    if (block instanceof ParseError) throw new Error(`height ${height}: ${block}`);
    return { height, block };
  });
