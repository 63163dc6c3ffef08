import {
  blockVerifier,
  checkBlock,
  checkBlockAtHeight,
  inputsStandard,
  multisigScript,
  nullDataScript,
  ParseError,
  parse,
  payToPublicKey,
  readTransaction,
  scriptOfAddress,
  scriptPolicy,
  type TxOutput,
  whyNonStandard,
  wireHex,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { OutputTable, recordedChain } from "../../support/coins.ts";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { labnet } from "../../support/networks.ts";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

vectorTest("the recorded chain passes the body rules with real scripts and benchmark signatures", () => {
  const params = labnet();
  // A CONFIRM of an unknown node is judged by its benchmark signature alone; any owner's START needs no state.
  const verifier = blockVerifier(fastEcdsa, () => ({ delegates: [], nodeKey: undefined }), params);
  const scriptOf = scriptOfAddress(params);
  let delegated = 0;
  for (const { height, block } of recordedChain()) {
    if (height === 0) continue;
    const broken = checkBlock(block, verifier);
    if (broken?.rule === "bad-txns-fluxnode-tx-invalid-signature") delegated++;
    else expect(broken, `height ${height}`).toBeUndefined();
    expect(checkBlockAtHeight(block, height, params, scriptOf), `height ${height}`).toBeUndefined();
  }
  expect(delegated).toBeLessThan(10); // STARTs signed by delegates, whom this test forgets
});

interface Batch {
  readonly tipHeight: number;
  readonly cases: readonly {
    readonly name: string;
    readonly hex?: string;
    readonly log?: readonly string[];
    readonly result: { readonly txid?: string; readonly error?: { readonly message: string } };
  }[];
}

const BAD_INPUT = "ERROR: AcceptToMemoryPool: nonstandard transaction input";

vectorTest("the pool relays the forms the daemon relayed", () => {
  const params = labnet();
  const outputs = new OutputTable();
  for (const { block } of recordedChain()) for (const tx of block.transactions) outputs.add(tx);
  let badInputs = 0;
  for (const { tipHeight, cases } of readJson<Batch[]>("labnet/mempool-cases.json")) {
    for (const { name, hex, log = [], result } of cases) {
      if (hex === undefined) continue;
      const tx = parse(wireHex(hex), readTransaction);
      if (tx instanceof ParseError || tx.kind !== "ordinary") continue;
      outputs.add(tx);
      const spent = tx.inputs.map(({ prevout }) => outputs.get(prevout.txid, prevout.index));
      const why = whyNonStandard(tx, tipHeight + 1, params, scriptPolicy);
      if (why !== undefined) expect(result.txid, `${name} at ${tipHeight}`).toBeUndefined();
      if (why !== undefined && result.error?.message.startsWith("64: ")) {
        expect(result.error.message, name).toBe(`64: ${why}`);
      }
      if (spent.includes(undefined)) continue;
      const standard = inputsStandard(tx, spent as TxOutput[]);
      if (log.includes(BAD_INPUT)) badInputs++;
      if (log.includes(BAD_INPUT) || result.txid !== undefined) {
        expect(standard, `${name} at ${tipHeight}`).toBe(result.txid !== undefined);
      }
    }
  }
  expect(badInputs).toBeGreaterThan(8);
});

test("bare multisigs of up to three keys are relayed", () => {
  const keys = Array.from({ length: 4 }, () => new Uint8Array(33).fill(2));
  for (const count of [1, 2, 3])
    expect(scriptPolicy.standardForm(multisigScript(1, keys.slice(0, count)))).toBe("payment");
  expect(scriptPolicy.standardForm(multisigScript(1, keys))).toBeUndefined();
  expect(scriptPolicy.standardForm(nullDataScript(new Uint8Array(80)))).toBe("nullData");
  expect(scriptPolicy.standardForm(payToPublicKey(new Uint8Array(32)))).toBeUndefined();
});
