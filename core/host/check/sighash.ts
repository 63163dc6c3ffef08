import {
  ParseError,
  parseWhole,
  readTransaction,
  SignatureHasher,
  toDisplayHex,
  toWireHex,
  transactionBytes,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import { agree, type Kind, type Outcome, rowCase, testRows } from "./kind.ts";

// fluxd src/test/data/sighash.json, run as in src/test/sighash_tests.cpp.

/** [raw transaction, scriptCode, input index, hash type, branch id, expected hash]; also reads and writes the transaction. */
function checkRow(row: Field): Outcome {
  const raw = row.at(0).bytes();
  const scriptCode = row.at(1).bytes();
  const hashType = row.at(3).i32();
  const branchId = row.at(4).u32();
  const hash = toDisplayHex(row.at(5).hash());
  const tx = parseWhole(raw, readTransaction);
  const expected = { hash, transaction: toWireHex(raw) };
  if (tx instanceof ParseError)
    return { passed: false, expected: `hash ${hash}`, got: `no transaction: ${tx}` };
  if (tx.kind !== "ordinary") return row.at(0).fail("a transaction with inputs");
  const index = row.at(2).integer(0, tx.inputs.length - 1);
  const digest = new SignatureHasher(tx, branchId).digest({ index, scriptCode, amount: 0n }, hashType);
  return agree(expected, {
    hash: digest === undefined ? "none: SINGLE without its output" : toDisplayHex(digest),
    transaction: toWireHex(transactionBytes(tx)),
  });
}

export const sighashKind: Kind = {
  name: "sighash",
  about: "signature hashes: rows [raw transaction, scriptCode, input, hash type, branch id, hash]",

  recognises: (root) =>
    root.isList() &&
    testRows(root).some(
      (row) => row.isList() && row.items().length === 6 && typeof row.at(2).value === "number",
    ),

  cases: ({ root }) => testRows(root).map((row) => rowCase(row, checkRow)),
};
