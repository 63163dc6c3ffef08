import {
  ParseError,
  parseWhole,
  readTransaction,
  SignatureHasher,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  wireHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

type Row = readonly [
  raw: string,
  scriptCode: string,
  index: number,
  hashType: number,
  branchId: number,
  digest: string,
];

vectorTest("signature hashes of sighash.json, all three algorithms", () => {
  const rows = readJson<unknown[][]>("sighash.json").filter((row) => row.length > 1) as unknown as Row[];
  expect(rows).toHaveLength(250);
  for (const [raw, scriptCode, index, hashType, branchId, digest] of rows) {
    const tx = parseWhole(wireHex(raw), readTransaction);
    if (tx instanceof ParseError || tx.kind !== "ordinary") throw new Error(`not a transaction: ${raw}`);
    expect(toWireHex(transactionBytes(tx))).toBe(raw);
    const hasher = new SignatureHasher(tx, branchId);
    const input = { index, scriptCode: wireHex(scriptCode), amount: 0n };
    // Twice: the second time from the digests kept from the first.
    for (let i = 0; i < 2; i++) expect(toDisplayHex(hasher.digest(input, hashType)!)).toBe(digest);
  }
});
