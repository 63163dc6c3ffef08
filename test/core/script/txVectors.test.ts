import { expect } from "vitest";
import { transactionRefusal } from "../../../core/host/check/tx.ts";
import { Field } from "../../../core/host/field.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// fluxd src/test/data/tx_valid.json and tx_invalid.json, run as in src/test/transaction_tests.cpp.

const rows = (file: string): unknown[][] => readJson<unknown[][]>(file).filter((row) => row.length > 1);

vectorTest("every transaction of tx_valid.json is valid", () => {
  const tests = rows("tx_valid.json");
  expect(tests).toHaveLength(19);
  for (const row of tests) expect(transactionRefusal(new Field(row)), String(row[1])).toBeUndefined();
});

vectorTest("no transaction of tx_invalid.json is valid", () => {
  const tests = rows("tx_invalid.json");
  expect(tests).toHaveLength(31);
  for (const row of tests) expect(transactionRefusal(new Field(row)), String(row[1])).toBeDefined();
});
