import {
  blockBytes,
  MAX_MONEY,
  NULL_OUTPOINT,
  ParseError,
  parse,
  parseWhole,
  Random,
  type Reader,
  readBlock,
  readTransaction,
  type Transaction,
  transactionBytes,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { corpus } from "../../fuzz/corpus.ts";
import { findings } from "../../fuzz/findings.ts";
import { Mutator } from "../../fuzz/mutate.ts";
import { type Kind, ParseProperty } from "../../fuzz/parseProperty.ts";
import { anyTransaction } from "../../support/arbitraries.ts";
import { heapRetained } from "../../support/heap.ts";
import { sampleBlocks, sampleTransactions } from "../../support/samples.ts";

const KINDS: readonly Kind[] = ["transaction", "block"];

test("samples of every format read back as they were", () => {
  for (const [name, tx] of Object.entries(sampleTransactions)) {
    expect(parseWhole(transactionBytes(tx), readTransaction), name).toEqual(tx);
  }
  for (const [name, block] of Object.entries(sampleBlocks)) {
    expect(parseWhole(blockBytes(block), readBlock), name).toEqual(block);
  }
});

test("any transaction reads back as it was", () => {
  fc.assert(
    fc.property(anyTransaction, (tx) => {
      expect(parseWhole(transactionBytes(tx), readTransaction)).toEqual(tx);
    }),
    { numRuns: 400 },
  );
});

test("a full block of the smallest elements keeps a small multiple of its own size alive", () => {
  const { header } = sampleBlocks["pow"]!;
  const payment = sampleTransactions["payment"]!;
  const delegates = sampleTransactions["start6Delegates"]!;
  if (payment.kind !== "ordinary" || delegates.kind !== "fluxnodeStart") throw new Error("samples changed");
  const none = new Uint8Array(0);
  const input = { prevout: NULL_OUTPOINT, scriptSig: none, sequence: 0 };
  const output = { value: MAX_MONEY, scriptPubKey: none };
  const keys = { using: true, version: 1, type: 1, keys: new Array<Uint8Array>(1_900_000).fill(none) };
  const transactions: Record<string, Transaction[]> = {
    transactions: new Array<Transaction>(390_000).fill(sampleTransactions["unknownType"]!),
    inputs: [{ ...payment, inputs: new Array(48_000).fill(input) }],
    outputs: [{ ...payment, outputs: new Array(210_000).fill(output) }],
    delegateKeys: [{ ...delegates, delegates: keys }],
  };
  for (const [name, each] of Object.entries(transactions)) {
    const message = blockBytes({ header, transactions: each });
    const kept = heapRetained(() => {
      const block = parse(message, readBlock);
      return block instanceof ParseError ? undefined : block;
    });
    expect(kept / message.length, name).toBeGreaterThan(0); // it was read
    expect(kept / message.length, name).toBeLessThan(16);
  }
});

function expectRefusedWhenCut(bytes: Uint8Array, read: (reader: Reader) => unknown): void {
  for (let length = 0; length < bytes.length; length++) {
    const error = parse(bytes.subarray(0, length), read);
    if (!(error instanceof ParseError)) throw new Error(`${length} of ${bytes.length} bytes were enough`);
    expect(error.offset).toBeLessThanOrEqual(length);
  }
}

test("an object cut short anywhere is refused, inside what is left of it", () => {
  for (const tx of Object.values(sampleTransactions))
    expectRefusedWhenCut(transactionBytes(tx), readTransaction);
  for (const block of Object.values(sampleBlocks)) expectRefusedWhenCut(blockBytes(block), readBlock);
});

test.each(KINDS)("random bytes and mutated messages read as a %s hold the parser's property", (kind) => {
  const property = new ParseProperty();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(property.failure(kind, bytes)).toBeUndefined();
    }),
  );
  const mutator = new Mutator(Random.root("parse property").fork(kind), corpus(kind), 8_192);
  for (let i = 0; i < 30_000; i++) expect(property.failure(kind, mutator.next())).toBeUndefined();
  expect(property.accepted).toBeGreaterThan(5_000);
  expect(property.refused).toBeGreaterThan(5_000);
});

test("inputs that once failed hold it now", () => {
  const property = new ParseProperty();
  for (const { kind, hex, failure } of findings()) {
    expect(property.failure(kind, Buffer.from(hex, "hex")), failure).toBeUndefined();
  }
});
