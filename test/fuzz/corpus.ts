import { transactionBytes, wireHex } from "@fluxlab/core";
import { sampleBlockBytes, sampleTransactions } from "../support/samples.ts";
import { readJson, readJsonLines, vectorsPresent } from "../support/vectors.ts";
import type { Kind } from "./parseProperty.ts";

/** Blocks beyond this size would spend the run on copying. */
const BLOCK_BYTES_MAX = 2_000;

/** Valid inputs to mutate: our own samples, and recorded ones where the vectors are at hand. */
export function corpus(kind: Kind): Uint8Array[] {
  if (kind === "transaction") {
    const samples = Object.values(sampleTransactions).map(transactionBytes);
    if (!vectorsPresent) return samples;
    const { transactions } = readJson<{ transactions: { raw: string }[] }>("fluxnode-txs.json");
    return [...samples, ...transactions.map(({ raw }) => wireHex(raw))];
  }
  const samples = sampleBlockBytes();
  if (!vectorsPresent) return samples;
  const recorded = readJsonLines<{ height: number; hex: string }>("labnet/chain-a.jsonl")
    .filter(({ height, hex }) => height % 40 === 0 && hex.length <= 2 * BLOCK_BYTES_MAX)
    .map(({ hex }) => wireHex(hex));
  return [...samples, ...recorded];
}
