import {
  FINAL_SEQUENCE,
  NOTHING_SHIELDED,
  NULL_OUTPOINT,
  nobleEcdsa,
  type OrdinaryTransaction,
  type Outpoint,
  type ScriptError,
  SignatureHasher,
  txid,
  verifyInput,
} from "@fluxlab/core";
import { expect } from "vitest";
import { parseFlags, parseScript } from "../../support/scriptText.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// fluxd src/test/data/script_valid.json and script_invalid.json, run as in src/test/script_tests.cpp.

type Row = readonly [scriptSig: string, scriptPubKey: string, flags: string, ...comments: string[]];

const NO_BRANCH = 0;

const oneInOneOut = (
  prevout: Outpoint,
  scriptSig: Uint8Array,
  scriptPubKey: Uint8Array,
): OrdinaryTransaction => ({
  kind: "ordinary",
  overwintered: false,
  version: 1,
  versionGroupId: 0,
  inputs: [{ prevout, scriptSig, sequence: FINAL_SEQUENCE }],
  outputs: [{ value: 0n, scriptPubKey }],
  lockTime: 0,
  expiryHeight: 0,
  shielded: NOTHING_SHIELDED,
});

/** Why the row's spend is refused; undefined if it is accepted. */
function verdict([scriptSig, scriptPubKey, flags]: Row): ScriptError | undefined {
  const crediting = oneInOneOut(NULL_OUTPOINT, Uint8Array.of(0, 0), parseScript(scriptPubKey));
  const prevout = { txid: txid(crediting), index: 0 };
  const spending = oneInOneOut(prevout, parseScript(scriptSig), new Uint8Array(0));
  const hasher = new SignatureHasher(spending, NO_BRANCH);
  return verifyInput(hasher, 0, crediting.outputs[0]!, parseFlags(flags), nobleEcdsa);
}

const rows = (file: string): Row[] =>
  readJson<string[][]>(file).filter((row) => row.length > 1) as unknown as Row[];

vectorTest("every script of script_valid.json is satisfied", () => {
  const tests = rows("script_valid.json");
  expect(tests).toHaveLength(291);
  for (const row of tests) expect(verdict(row), row.join(" | ")).toBeUndefined();
});

vectorTest("no script of script_invalid.json is satisfied", () => {
  const tests = rows("script_invalid.json");
  expect(tests).toHaveLength(219);
  for (const row of tests) expect(verdict(row), row.join(" | ")).toBeDefined();
});
