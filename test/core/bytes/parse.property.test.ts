import {
  blockBytes,
  ParseError,
  parse,
  parseWhole,
  Random,
  type Reader,
  readBlock,
  readTransaction,
  transactionBytes,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { corpus } from "../../fuzz/corpus.ts";
import { findings } from "../../fuzz/findings.ts";
import { Mutator } from "../../fuzz/mutate.ts";
import { type Kind, ParseProperty } from "../../fuzz/parseProperty.ts";
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
