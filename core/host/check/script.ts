import {
  type EcdsaBackend,
  FINAL_SEQUENCE,
  NOTHING_SHIELDED,
  NULL_OUTPOINT,
  nobleEcdsa,
  type OrdinaryTransaction,
  type Outpoint,
  SCRIPT_ERROR_TEXT,
  type ScriptError,
  SignatureHasher,
  txid,
  verifyInput,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import { judged, type Kind, rowCase, testRows, verdictOf } from "./kind.ts";
import { parseFlags, parseScript } from "./scriptText.ts";

// fluxd src/test/data/script_valid.json and script_invalid.json, run as in src/test/script_tests.cpp.

/** The branch a script of these files is in does not matter. */
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

/** Why the spend of a row [scriptSig, scriptPubKey, flags, …] is refused; undefined if it is accepted. */
export function scriptRefusal(row: Field, ecdsa: EcdsaBackend): ScriptError | undefined {
  const scriptSig = row.at(0).parsed(parseScript);
  const scriptPubKey = row.at(1).parsed(parseScript);
  const flags = row.at(2).parsed(parseFlags);
  const crediting = oneInOneOut(NULL_OUTPOINT, Uint8Array.of(0, 0), scriptPubKey);
  const spending = oneInOneOut({ txid: txid(crediting), index: 0 }, scriptSig, new Uint8Array(0));
  const hasher = new SignatureHasher(spending, NO_BRANCH);
  return verifyInput(hasher, 0, crediting.outputs[0]!, flags, ecdsa);
}

export const scriptKind: Kind = {
  name: "script",
  about: "scripts that must run or must fail: rows [scriptSig, scriptPubKey, flags, comment…]",

  recognises: (root) =>
    root.isList() &&
    testRows(root).some(
      (row) => row.isList() && [0, 1, 2].every((i) => typeof row.items()[i]?.value === "string"),
    ),

  cases(file) {
    const verdict = verdictOf(file);
    return testRows(file.root).map((row) =>
      rowCase(row, () => {
        const refusal = scriptRefusal(row, nobleEcdsa);
        return judged(verdict, refusal && `${refusal}: ${SCRIPT_ERROR_TEXT[refusal]}`);
      }),
    );
  },
};
