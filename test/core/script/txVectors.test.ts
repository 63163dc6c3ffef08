import {
  checkTransaction,
  displayHash,
  nobleEcdsa,
  type OrdinaryTransaction,
  ParseError,
  parseWhole,
  readTransaction,
  SignatureHasher,
  toDisplayHex,
  verifyInput,
  wireHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { parseFlags, parseScript } from "../../support/scriptText.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// fluxd src/test/data/tx_valid.json and tx_invalid.json, run as in src/test/transaction_tests.cpp.

type Spent = readonly [txid: string, index: number, scriptPubKey: string];
type Row = readonly [spent: Spent[], raw: string, flags: string];

const NO_BRANCH = 0;

const rows = (file: string): Row[] =>
  readJson<unknown[][]>(file).filter((row) => row.length > 1) as unknown as Row[];

const outpointKey = (txid: Uint8Array, index: number): string => `${toDisplayHex(txid)}:${index >>> 0}`;

/** What is wrong with the row's transaction; undefined if nothing is. */
function verdict([spent, raw, flags]: Row): string | undefined {
  const tx = parseWhole(wireHex(raw), readTransaction);
  if (tx instanceof ParseError) return tx.toString();
  const neverAsked = { isMultisig: () => false, signaturesValid: () => false };
  return checkTransaction(tx, neverAsked)?.rule ?? inputsVerdict(tx as OrdinaryTransaction, spent, flags);
}

function inputsVerdict(tx: OrdinaryTransaction, spent: Spent[], flags: string): string | undefined {
  const scripts = new Map(
    spent.map(([txid, index, text]) => [outpointKey(displayHash(txid), index), parseScript(text)]),
  );
  const hasher = new SignatureHasher(tx, NO_BRANCH);
  for (const [i, { prevout }] of tx.inputs.entries()) {
    const scriptPubKey = scripts.get(outpointKey(prevout.txid, prevout.index));
    if (scriptPubKey === undefined) return "spends an output the row does not list";
    const error = verifyInput(hasher, i, { value: 0n, scriptPubKey }, parseFlags(flags), nobleEcdsa);
    if (error !== undefined) return error;
  }
  return undefined;
}

vectorTest("every transaction of tx_valid.json is valid", () => {
  const tests = rows("tx_valid.json");
  expect(tests).toHaveLength(19);
  for (const row of tests) expect(verdict(row), row[1]).toBeUndefined();
});

vectorTest("no transaction of tx_invalid.json is valid", () => {
  const tests = rows("tx_invalid.json");
  expect(tests).toHaveLength(31);
  for (const row of tests) expect(verdict(row), row[1]).toBeDefined();
});
