import {
  type EcdsaBackend,
  FINAL_SEQUENCE,
  NOTHING_SHIELDED,
  NULL_OUTPOINT,
  type OrdinaryTransaction,
  type Outpoint,
  type ScriptError,
  SignatureHasher,
  txid,
  verifyInput,
} from "@fluxlab/core";
import { parseFlags, parseScript } from "./scriptText.ts";
import { readJson } from "./vectors.ts";

// fluxd src/test/data/script_valid.json and script_invalid.json, run as in src/test/script_tests.cpp.

export type ScriptRow = readonly [
  scriptSig: string,
  scriptPubKey: string,
  flags: string,
  ...comments: string[],
];

const NO_BRANCH = 0;

/** The tests of a file, without its comments. */
export const scriptRows = (file: "script_valid.json" | "script_invalid.json"): ScriptRow[] =>
  readJson<string[][]>(file).filter((row) => row.length > 1) as unknown as ScriptRow[];

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
export function scriptVerdict(
  [scriptSig, scriptPubKey, flags]: ScriptRow,
  ecdsa: EcdsaBackend,
): ScriptError | undefined {
  const crediting = oneInOneOut(NULL_OUTPOINT, Uint8Array.of(0, 0), parseScript(scriptPubKey));
  const prevout = { txid: txid(crediting), index: 0 };
  const spending = oneInOneOut(prevout, parseScript(scriptSig), new Uint8Array(0));
  const hasher = new SignatureHasher(spending, NO_BRANCH);
  return verifyInput(hasher, 0, crediting.outputs[0]!, parseFlags(flags), ecdsa);
}
