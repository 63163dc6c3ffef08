import {
  collateralOf,
  DELEGATES_UPDATE,
  type FluxnodeTransaction,
  fluxnodeSignaturesValid,
  type KnownSigners,
  ParseError,
  parse,
  readBlock,
  toDisplayHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { recordedChain } from "../../../support/coins.ts";
import { fastEcdsa } from "../../../support/ecdsa.ts";
import { labnet } from "../../../support/networks.ts";
import { caseBytes, readJson } from "../../../support/vectors.ts";
import { vectorTest } from "../../../support/vectorTest.ts";

/** What signers the chain so far has named: keys are never forgotten here, which is enough for blocks that are valid. */
class SignerTable {
  readonly #known = new Map<string, KnownSigners>();

  at(tx: FluxnodeTransaction): KnownSigners {
    if (tx.kind === "fluxnodeUnknown") throw new Error("no valid block has one");
    const { txid, index } = collateralOf(tx);
    return this.#known.get(`${toDisplayHex(txid)}:${index}`) ?? { delegates: [], nodeKey: undefined };
  }

  apply(tx: FluxnodeTransaction): void {
    if (tx.kind !== "fluxnodeStart") return;
    const { txid, index } = tx.collateral;
    const before = this.at(tx);
    const delegates = tx.delegates?.type === DELEGATES_UPDATE ? tx.delegates.keys : before.delegates;
    this.#known.set(`${toDisplayHex(txid)}:${index}`, { delegates, nodeKey: tx.pubkey });
  }
}

const fluxnodeTxs = (
  transactions: readonly { kind: string }[],
): Exclude<FluxnodeTransaction, { kind: "fluxnodeUnknown" }>[] =>
  transactions.filter(({ kind }) => kind === "fluxnodeStart" || kind === "fluxnodeConfirm") as never;

vectorTest("every FluxNode signature of the recorded chain holds, and those of refused blocks do not", () => {
  const params = labnet();
  const signers = new SignerTable();
  type Case = { name: string; height: number; result: string | null; hex?: string; hexGz?: string };
  const refused = new Map<number, Case[]>();
  for (const each of readJson<Case[]>("labnet/invalid-blocks.json")) {
    if (each.result !== "bad-txns-fluxnode-tx-invalid-signature") continue;
    refused.set(each.height, [...(refused.get(each.height) ?? []), each]);
  }
  let valid = 0;
  let invalid = 0;
  for (const { height, block } of recordedChain()) {
    for (const each of refused.get(height) ?? []) {
      const bad = parse(caseBytes(each), readBlock);
      if (bad instanceof ParseError) throw new Error(String(bad));
      const allHold = fluxnodeTxs(bad.transactions).every((tx) =>
        fluxnodeSignaturesValid(fastEcdsa, tx, signers.at(tx), params),
      );
      expect(allHold, `${each.name} at ${height}`).toBe(false);
      invalid++;
    }
    const txs = fluxnodeTxs(block.transactions);
    for (const tx of txs) {
      const holds = fluxnodeSignaturesValid(fastEcdsa, tx, signers.at(tx), params);
      expect(holds, `height ${height}`).toBe(true);
      valid++;
    }
    for (const tx of txs) signers.apply(tx);
  }
  expect(valid).toBeGreaterThan(300);
  expect(invalid).toBeGreaterThan(50);
});
