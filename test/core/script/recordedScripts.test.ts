import {
  BLOCK_SCRIPT_FLAGS,
  branchIdAt,
  isCoinbase,
  MANDATORY_SCRIPT_FLAGS,
  type Params,
  ParseError,
  parse,
  readBlock,
  readTransaction,
  SCRIPT_ERROR_TEXT,
  type ScriptFlags,
  SignatureHasher,
  STANDARD_SCRIPT_FLAGS,
  type Transaction,
  verifyInput,
  wireHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { OutputTable, recordedChain } from "../../support/coins.ts";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { labnet } from "../../support/networks.ts";
import { caseBytes, readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

/** fluxd's text for the first input of `tx` whose script fails; undefined if none does or an output is not known. */
function scriptFailure(
  tx: Transaction,
  outputs: OutputTable,
  height: number,
  params: Params,
  flags: ScriptFlags,
): string | undefined {
  if (tx.kind !== "ordinary" || isCoinbase(tx)) return undefined;
  const hasher = new SignatureHasher(tx, branchIdAt(params.upgrades, height));
  for (const [i, { prevout }] of tx.inputs.entries()) {
    const spent = outputs.get(prevout.txid, prevout.index);
    if (spent === undefined) continue;
    const error = verifyInput(hasher, i, spent, flags, fastEcdsa);
    if (error !== undefined) return SCRIPT_ERROR_TEXT[error];
  }
  return undefined;
}

vectorTest("every script of the recorded chain is satisfied under the flags of blocks", () => {
  const params = labnet();
  const outputs = new OutputTable();
  let spends = 0;
  for (const { height, block } of recordedChain()) {
    for (const tx of block.transactions) {
      expect(
        scriptFailure(tx, outputs, height, params, BLOCK_SCRIPT_FLAGS),
        `height ${height}`,
      ).toBeUndefined();
      outputs.add(tx);
      if (tx.kind === "ordinary" && !isCoinbase(tx)) spends += tx.inputs.length;
    }
  }
  expect(spends).toBeGreaterThan(500);
});

const IN_BLOCK = /^(?:mandatory-script-verify-flag-failed|non-mandatory-script-verify-flag) \((.*)\)$/;

vectorTest("scripts of recorded invalid blocks fail for the daemon's reason, or not at all", () => {
  const params = labnet();
  const outputs = new OutputTable();
  for (const { block } of recordedChain()) for (const tx of block.transactions) outputs.add(tx);
  type Case = { name: string; height: number; result: string | null; hex?: string; hexGz?: string };
  let failures = 0;
  for (const each of readJson<Case[]>("labnet/invalid-blocks.json")) {
    const expected = IN_BLOCK.exec(each.result ?? "")?.[1];
    if (expected === undefined) continue;
    const block = parse(caseBytes(each), readBlock);
    if (block instanceof ParseError) throw new Error(String(block));
    for (const tx of block.transactions) outputs.add(tx);
    const found = block.transactions
      .map((tx) => scriptFailure(tx, outputs, each.height, params, BLOCK_SCRIPT_FLAGS))
      .find((text) => text !== undefined);
    expect(found, `${each.name} at ${each.height}`).toBe(expected);
    failures++;
  }
  expect(failures).toBeGreaterThan(100);
});

interface MempoolBatch {
  readonly tipHeight: number;
  readonly cases: readonly {
    readonly name: string;
    readonly hex?: string;
    readonly result: { readonly txid?: string; readonly error?: { readonly message: string } };
  }[];
}

const IN_POOL = /^(\d+): (mandatory-script-verify-flag-failed|non-mandatory-script-verify-flag) \((.*)\)$/;

vectorTest("the pool's script policy refuses and accepts what the daemon did, in its words", () => {
  const params = labnet();
  const outputs = new OutputTable();
  for (const { block } of recordedChain()) for (const tx of block.transactions) outputs.add(tx);
  let refused = 0;
  let accepted = 0;
  for (const { tipHeight, cases } of readJson<MempoolBatch[]>("labnet/mempool-cases.json")) {
    for (const { name, hex, result } of cases) {
      if (hex === undefined) continue;
      const tx = parse(wireHex(hex), readTransaction);
      if (tx instanceof ParseError) continue;
      outputs.add(tx);
      const failure = scriptFailure(tx, outputs, tipHeight + 1, params, STANDARD_SCRIPT_FLAGS);
      const [, , kind, text] = IN_POOL.exec(result.error?.message ?? "") ?? [];
      if (text !== undefined) {
        expect(failure, `${name} at ${tipHeight}`).toBe(text);
        const mandatory =
          scriptFailure(tx, outputs, tipHeight + 1, params, MANDATORY_SCRIPT_FLAGS) !== undefined;
        expect(mandatory, name).toBe(kind === "mandatory-script-verify-flag-failed");
        refused++;
      } else if (result.txid !== undefined) {
        expect(failure, `${name} at ${tipHeight}`).toBeUndefined();
        accepted++;
      }
    }
  }
  expect(refused).toBeGreaterThan(30);
  expect(accepted).toBeGreaterThan(100);
});
