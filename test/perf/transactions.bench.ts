import {
  parse,
  readTransaction,
  sha256d,
  type Transaction,
  transactionBytes,
  txid,
  Writer,
  writeTransaction,
} from "@fluxlab/core";
import { heapGrowth } from "../support/heap.ts";
import { sampleTransactions } from "../support/samples.ts";

const TRANSACTIONS = 10_000;
const ROUNDS = 20;
/** Few enough that no collection falls between the two looks at the heap. */
const ALLOCATION_SAMPLE = 1_000;

/** One of each format, shielded ones included, dealt round until there are {@link TRANSACTIONS}. */
function mixedMessages(): Uint8Array[] {
  const kinds = Object.values(sampleTransactions).map(transactionBytes);
  return Array.from({ length: TRANSACTIONS }, (_, i) => kinds[i % kinds.length]!.slice());
}

/** Median microseconds a transaction over {@link ROUNDS} rounds of `work` on all of them; three rounds warm it up first. */
function medianUs<T>(inputs: readonly T[], work: (input: T) => unknown): number {
  const rounds: number[] = [];
  for (let round = -3; round < ROUNDS; round++) {
    const start = performance.now();
    for (const input of inputs) work(input);
    if (round >= 0) rounds.push(((performance.now() - start) * 1_000) / inputs.length);
  }
  return rounds.sort((a, b) => a - b)[ROUNDS / 2]!;
}

/** Bytes `work` allocates on the heap for one input. */
const heapBytes = <T>(inputs: readonly T[], work: (input: T) => unknown): number =>
  heapGrowth(() => {
    for (let i = 0; i < ALLOCATION_SAMPLE; i++) work(inputs[i]!);
  }) / ALLOCATION_SAMPLE;

/** Prints what reading, writing and naming a transaction costs, in time and in heap. */
export function benchTransactions(): void {
  const messages = mixedMessages();
  const transactions = messages.map((bytes) => parse(bytes, readTransaction) as Transaction);
  const bytesMean = messages.reduce((sum, bytes) => sum + bytes.length, 0) / TRANSACTIONS;
  console.log(
    `transactions: ${TRANSACTIONS} of mixed formats, ${bytesMean.toFixed(0)} bytes each on average`,
  );

  const writer = new Writer();
  const write = (tx: Transaction) => writeTransaction(writer.reset(), tx);
  const all = (bytes: Uint8Array) => {
    const tx = parse(bytes, readTransaction) as Transaction;
    write(tx);
    return txid(tx);
  };
  const read = (bytes: Uint8Array) => parse(bytes, readTransaction);
  const line = (name: string, us: number, heap: number) =>
    console.log(
      `${name.padEnd(24)} ${us.toFixed(2).padStart(8)} us  ${heap.toFixed(0).padStart(7)} heap bytes`,
    );
  line("read", medianUs(messages, read), heapBytes(messages, read));
  line("write", medianUs(transactions, write), heapBytes(transactions, write));
  line("txid", medianUs(transactions, txid), heapBytes(transactions, txid));
  line("sha256d of the bytes", medianUs(messages, sha256d), heapBytes(messages, sha256d));
  line("read + write + txid", medianUs(messages, all), heapBytes(messages, all));
}
