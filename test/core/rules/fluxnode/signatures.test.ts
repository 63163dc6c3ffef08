import {
  benchmarkKeyAt,
  benchmarkMessage,
  benchmarkSignatureValid,
  confirmMessage,
  confirmSignatureValid,
  delegatesValid,
  type FluxnodeConfirm,
  type FluxnodeStart,
  fluxnodeSignaturesValid,
  keyId,
  keyPair,
  mainnet,
  messageDigest,
  multisigScript,
  nobleEcdsa,
  type Params,
  ParseError,
  parseSecretKey,
  parseWhole,
  readTransaction,
  signBenchmark,
  signConfirm,
  signStart,
  startMessage,
  startSignatureValid,
  startSigners,
  startVersion6,
  toDisplayHex,
  toWireHex,
  txid,
  wireHex,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { readJson } from "../../../support/vectors.ts";
import { vectorTest } from "../../../support/vectorTest.ts";

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
const keyOf = (hex: string, compressed: boolean) =>
  keyPair(nobleEcdsa, parseSecretKey(wireHex(hex))!, compressed);

function fluxnodeTx(raw: string): FluxnodeStart | FluxnodeConfirm {
  const tx = parseWhole(wireHex(raw), readTransaction);
  if (tx instanceof ParseError) throw new Error(String(tx));
  if (tx.kind !== "fluxnodeStart" && tx.kind !== "fluxnodeConfirm") throw new Error(tx.kind);
  return tx;
}

/** `params` with one benchmark key. */
const withBenchmarkKey = (publicKey: string): Params => ({
  ...mainnet,
  fluxnodes: { ...mainnet.fluxnodes, benchmarkKeys: [{ validFrom: 0, publicKey }] },
});

interface LabCase {
  readonly name: string;
  readonly raw: string;
  readonly txid: string;
  readonly signedMessage: string;
  readonly messageHash: string;
  readonly signerPrivateKey: string;
  readonly signerKeyId?: string;
  readonly nodePubkey?: string;
  readonly benchmarkMessageHex?: string;
  readonly benchmarkMessageHash?: string;
  readonly benchmarkPrivateKey?: string;
  readonly benchmarkPubkey?: string;
  readonly expectReject?: string;
}

vectorTest("messages and signatures of fluxnode-txs.json verify and are made again", () => {
  const { transactions } = readJson<{ transactions: LabCase[] }>("fluxnode-txs.json");
  expect(transactions).toHaveLength(10);
  for (const each of transactions) {
    const tx = fluxnodeTx(each.raw);
    expect(toDisplayHex(txid(tx))).toBe(each.txid);
    if (tx.kind === "fluxnodeStart") checkStart(tx, each);
    else checkConfirm(tx, each);
  }
});

function checkStart(tx: FluxnodeStart, each: LabCase): void {
  const message = startMessage(tx);
  expect(utf8(message)).toBe(each.signedMessage);
  expect(toWireHex(messageDigest(message))).toBe(each.messageHash);
  const signer = keyOf(each.signerPrivateKey, true);
  expect(toWireHex(keyId(signer.publicKey))).toBe(each.signerKeyId);
  expect(signStart(nobleEcdsa, tx, signer)).toEqual(tx);
  // Only a delegate's signature needs the state.
  expect(startSignatureValid(nobleEcdsa, tx, [signer.publicKey])).toBe(true);
  expect(startSignatureValid(nobleEcdsa, tx, [])).toBe(each.name !== "v6-start-normal-delegate-signing");
  if (tx.delegates !== undefined) expect(delegatesValid(tx.delegates)).toBe(each.expectReject === undefined);
}

function checkConfirm(tx: FluxnodeConfirm, each: LabCase): void {
  expect(utf8(confirmMessage(tx))).toBe(each.signedMessage);
  expect(toWireHex(messageDigest(confirmMessage(tx)))).toBe(each.messageHash);
  expect(toWireHex(benchmarkMessage(tx))).toBe(each.benchmarkMessageHex);
  expect(toWireHex(messageDigest(benchmarkMessage(tx)))).toBe(each.benchmarkMessageHash);
  const node = keyOf(each.signerPrivateKey, false);
  const benchmark = keyOf(each.benchmarkPrivateKey!, false);
  expect(toWireHex(node.publicKey)).toBe(each.nodePubkey);
  expect(toWireHex(benchmark.publicKey)).toBe(each.benchmarkPubkey);

  const updateType = tx.updateType as 0 | 1;
  const signed = signConfirm(
    nobleEcdsa,
    { collateral: tx.collateral, updateType, sigTime: tx.sigTime },
    node,
  );
  const result = { tier: tx.benchmarkTier, time: tx.benchmarkSigTime, ip: tx.ip };
  const again = signBenchmark(nobleEcdsa, signed, result, benchmark);
  expect({ ...again, version: tx.version }).toEqual(tx);

  const params = withBenchmarkKey(each.benchmarkPubkey!);
  const known = { delegates: [], nodeKey: node.publicKey };
  expect(fluxnodeSignaturesValid(nobleEcdsa, tx, known, params)).toBe(true);
  expect(fluxnodeSignaturesValid(nobleEcdsa, tx, { ...known, nodeKey: benchmark.publicKey }, params)).toBe(
    false,
  );
  expect(fluxnodeSignaturesValid(nobleEcdsa, tx, { ...known, nodeKey: undefined }, params)).toBe(true);
  expect(fluxnodeSignaturesValid(nobleEcdsa, tx, known, mainnet)).toBe(false);
  // Neither tier nor ip is covered by the node, both are by the benchmark.
  const other = { ...tx, ip: new Uint8Array(Buffer.from("198.51.100.1")) };
  expect(confirmSignatureValid(nobleEcdsa, other, node.publicKey)).toBe(true);
  expect(benchmarkSignatureValid(nobleEcdsa, other, params)).toBe(false);
}

interface PublicCase {
  readonly name: string;
  readonly raw_hex: string;
  readonly signed_message: string;
  readonly signer_pubkey: string;
  readonly benchmark_signed_message_hex?: string;
  readonly benchmark_signer_pubkey?: string;
}

/** Signed by a key that is not in its redeem script: a vector of the layout only. */
const SIGNED_BY_STRANGER = "start-v6-p2sh";

vectorTest("published FluxNode transactions verify, under the first mainnet benchmark key too", () => {
  const cases = readJson<PublicCase[]>("fluxnode-txs-public.json");
  expect(cases).toHaveLength(8);
  for (const each of cases) {
    const tx = fluxnodeTx(each.raw_hex);
    const signer = wireHex(each.signer_pubkey);
    if (tx.kind === "fluxnodeStart") {
      expect(utf8(startMessage(tx))).toBe(each.signed_message);
      expect(startSignatureValid(nobleEcdsa, tx, [signer]), each.name).toBe(each.name !== SIGNED_BY_STRANGER);
    } else {
      expect(utf8(confirmMessage(tx))).toBe(each.signed_message);
      expect(toWireHex(benchmarkMessage(tx))).toBe(each.benchmark_signed_message_hex);
      expect(confirmSignatureValid(nobleEcdsa, tx, signer)).toBe(true);
      expect(benchmarkSignatureValid(nobleEcdsa, tx, mainnet)).toBe(true);
      expect(toWireHex(benchmarkKeyAt(mainnet, tx.benchmarkSigTime))).toBe(each.benchmark_signer_pubkey);
    }
  }
});

test("the benchmark key follows the claimed time, each from its own second", () => {
  const { benchmarkKeys } = mainnet.fluxnodes;
  for (const [i, { validFrom, publicKey }] of benchmarkKeys.entries()) {
    expect(toWireHex(benchmarkKeyAt(mainnet, validFrom))).toBe(publicKey);
    if (i > 0)
      expect(toWireHex(benchmarkKeyAt(mainnet, validFrom - 1))).toBe(benchmarkKeys[i - 1]!.publicKey);
  }
});

test.each([
  0, 3, 4,
])("a START of fluxTxVersion %i, of neither or both types, has no one who could sign it", (version) => {
  const signer = keyOf("11".repeat(32), true);
  const start = startVersion6({
    collateral: { txid: new Uint8Array(32).fill(1), index: 0 },
    owner: { type: "script", redeemScript: multisigScript(1, [signer.publicKey]) },
    nodeKey: signer.publicKey,
    sigTime: 0,
  });
  expect(startSignatureValid(nobleEcdsa, signStart(nobleEcdsa, start, signer), [])).toBe(true);
  const conflicting = { ...start, fluxTxVersion: version };
  expect(startSigners(conflicting, [])).toEqual([new Uint8Array(0)]);
  expect(startSignatureValid(nobleEcdsa, signStart(nobleEcdsa, conflicting, signer), [])).toBe(false);
});
