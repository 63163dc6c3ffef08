import {
  blockVerifier,
  checkTransaction,
  mainnet,
  nobleEcdsa,
  type OrdinaryTransaction,
  ParseError,
  parse,
  readTransaction,
  type ScriptFlags,
  SignatureHasher,
  toDisplayHex,
  verifyInput,
} from "@fluxlab/core";
import type { Field } from "../field.ts";
import { judged, type Kind, rowCase, testRows, verdictOf } from "./kind.ts";
import { parseFlags, parseScript } from "./scriptText.ts";

// fluxd src/test/data/tx_valid.json and tx_invalid.json, run as in src/test/transaction_tests.cpp.

const NO_BRANCH = 0;

const outpointKey = (txid: Uint8Array, index: number): string => `${toDisplayHex(txid)}:${index}`;

/** What is wrong with the transaction of a row [[[txid, index, script]…], raw, flags]; undefined if nothing is. */
export function transactionRefusal(row: Field): string | undefined {
  const spent = new Map(
    row
      .at(0)
      .items()
      .map((output) => {
        const index = output.at(1).integer(-1, 0xffff_ffff) >>> 0;
        return [outpointKey(output.at(0).hash(), index), output.at(2).parsed(parseScript)];
      }),
  );
  const raw = row.at(1).bytes();
  const flags = row.at(2).parsed(parseFlags);
  const tx = parse(raw, readTransaction); // as in fluxd, what follows is not looked at
  if (tx instanceof ParseError) return `${tx}`;
  const broken = checkTransaction(tx, verifier);
  if (broken !== undefined) return broken.rule;
  return tx.kind === "ordinary" ? inputsRefusal(tx, spent, flags) : undefined;
}

/** Of a transaction without a chain: no delegates or node keys are known. */
const verifier = blockVerifier(nobleEcdsa, () => ({ delegates: [], nodeKey: undefined }), mainnet);

function inputsRefusal(
  tx: OrdinaryTransaction,
  spent: ReadonlyMap<string, Uint8Array>,
  flags: ScriptFlags,
): string | undefined {
  const hasher = new SignatureHasher(tx, NO_BRANCH);
  for (const [i, { prevout }] of tx.inputs.entries()) {
    const scriptPubKey = spent.get(outpointKey(prevout.txid, prevout.index));
    if (scriptPubKey === undefined) return `input ${i} spends an output that the row does not list`;
    const error = verifyInput(hasher, i, { value: 0n, scriptPubKey }, flags, nobleEcdsa);
    if (error !== undefined) return `input ${i}: ${error}`;
  }
  return undefined;
}

export const txKind: Kind = {
  name: "tx",
  about: "transactions valid or not without a chain: rows [[[txid, index, scriptPubKey]…], raw, flags]",

  recognises: (root) =>
    root.isList() && testRows(root).some((row) => row.isList() && row.items()[0]?.isList() === true),

  cases(file) {
    const verdict = verdictOf(file);
    return testRows(file.root).map((row) => rowCase(row, () => judged(verdict, transactionRefusal(row))));
  },
};
