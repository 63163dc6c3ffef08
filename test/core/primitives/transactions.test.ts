import {
  delegatesValid,
  fluxTxFlags,
  ParseError,
  parse,
  parseWhole,
  readDelegates,
  readTransaction,
  STRICT_NORMAL,
  STRICT_P2SH,
  type Transaction,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  txid,
  Writer,
  wireHex,
  writeDelegates,
  writeTxidPreimage,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

function parsed(hex: string): Transaction {
  const tx = parseWhole(wireHex(hex), readTransaction);
  if (tx instanceof ParseError) throw new Error(String(tx));
  return tx;
}

function idPreimage(tx: Transaction): string {
  const writer = new Writer();
  writeTxidPreimage(writer, tx);
  return toWireHex(writer.view());
}

vectorTest("FluxNode transactions: bytes, id preimage without signatures, id", () => {
  type Known = {
    name: string;
    raw: string;
    txidPreimage: string;
    txid: string;
    fields: Record<string, unknown>;
  };
  const { transactions } = readJson<{ transactions: Known[] }>("fluxnode-txs.json");
  expect(transactions.length).toBe(10);
  for (const known of transactions) {
    const tx = parsed(known.raw);
    expect(toWireHex(transactionBytes(tx)), known.name).toBe(known.raw);
    expect(idPreimage(tx), known.name).toBe(known.txidPreimage);
    expect(toDisplayHex(txid(tx)), known.name).toBe(known.txid);
    if (tx.kind === "ordinary" || tx.kind === "fluxnodeUnknown") throw new Error(`${known.name}: ${tx.kind}`);
    expect(toDisplayHex(tx.collateral.txid)).toBe(known.fields["collateralTxid"]);
    expect(tx.collateral.index).toBe(known.fields["collateralVout"]);
    expect(toWireHex(tx.sig)).toBe(known.fields["sig"]);
    expect(tx.sigTime).toBe(known.fields["sigTime"]);
    if (tx.kind === "fluxnodeStart") expect(toWireHex(tx.pubkey)).toBe(known.fields["nodePubkey"]);
    else expect(Buffer.from(tx.ip).toString()).toBe(known.fields["ip"]);
  }
});

vectorTest("published FluxNode transactions keep their bytes and ids", () => {
  for (const known of readJson<{ txid: string; raw_hex: string }[]>("fluxnode-txs-public.json")) {
    const tx = parsed(known.raw_hex);
    expect(toWireHex(transactionBytes(tx))).toBe(known.raw_hex);
    expect(toDisplayHex(txid(tx))).toBe(known.txid);
  }
});

vectorTest("delegates are written and read as the daemon does", () => {
  type Known = {
    version: number;
    type: number;
    keysInMemory: string[];
    serialized: string;
    keysAfterRoundTrip: number;
  };
  const { delegateSerialization } = readJson<{ delegateSerialization: Known[] }>("fluxnode-txs.json");
  for (const known of delegateSerialization) {
    const writer = new Writer();
    writeDelegates(writer, { ...known, using: true, keys: known.keysInMemory.map(wireHex) });
    // The daemon's cases leave out the leading byte that says a delegate part is in use.
    expect(toWireHex(writer.view())).toBe(`01${known.serialized}`);
    const read = parseWhole(writer.copy(), readDelegates);
    if (read instanceof ParseError) throw new Error(String(read));
    expect(read.keys.length).toBe(known.keysAfterRoundTrip);
    expect([read.using, read.version, read.type]).toEqual([true, known.version, known.type]);
  }
});

vectorTest("fluxTxVersion bits", () => {
  type Known = ReturnType<typeof fluxTxFlags> & {
    fluxTxVersion: number;
    normalStrict: boolean;
    p2shStrict: boolean;
  };
  const { fluxTxVersionFlags } = readJson<{ fluxTxVersionFlags: Known[] }>("fluxnode-payouts.json");
  for (const { fluxTxVersion, normalStrict, p2shStrict, ...flags } of fluxTxVersionFlags) {
    expect(fluxTxFlags(fluxTxVersion), String(fluxTxVersion)).toEqual(flags);
    expect([fluxTxVersion === STRICT_NORMAL, fluxTxVersion === STRICT_P2SH]).toEqual([
      normalStrict,
      p2shStrict,
    ]);
  }
});

vectorTest("delegate lists valid and invalid", () => {
  const KEYS: Record<string, Uint8Array> = {
    compressed: wireHex(`02${"11".repeat(32)}`),
    compressedHeaderOffCurve: wireHex(`02${"ff".repeat(32)}`),
    uncompressed: wireHex(`04${"11".repeat(64)}`),
    badHeaderByte: new Uint8Array(0), // as it reads back from the wire
  };
  type Known = { version: number; type: number; keyCount: number; keyKind: string; valid: boolean };
  for (const known of readJson<{ delegateValidity: Known[] }>("fluxnode-payouts.json").delegateValidity) {
    const keys = new Array<Uint8Array>(known.keyCount).fill(KEYS[known.keyKind]!);
    const { version, type } = known;
    expect(delegatesValid({ using: true, version, type, keys }), JSON.stringify(known)).toBe(known.valid);
  }
});

vectorTest("random transactions of every format keep their bytes", () => {
  const rows = readJson<string[][]>("sighash.json").filter((row) => row.length > 1);
  for (const [raw = ""] of rows) expect(toWireHex(transactionBytes(parsed(raw)))).toBe(raw);
  expect(rows.length).toBeGreaterThan(200);
});

vectorTest("transactions of the daemon's own tests keep their bytes and ids", () => {
  type Known = { name: string; txid: string; raw_hex: string };
  const known = readJson<{ transactions: Known[]; invalid_transactions: Known[] }>("blocks.json");
  for (const { name, txid: id, raw_hex } of known.transactions) {
    expect(toWireHex(transactionBytes(parsed(raw_hex))), name).toBe(raw_hex);
    expect(toDisplayHex(txid(parsed(raw_hex))), name).toBe(id);
  }
  for (const { raw_hex } of known.invalid_transactions) {
    expect(parse(wireHex(raw_hex), readTransaction)).toBeInstanceOf(ParseError);
  }
});

vectorTest("loose transactions of the recorded pool keep their ids; a byte behind one is ignored", () => {
  type Case = { name: string; hex?: string; result: { txid?: string; error?: { code: number } } };
  const batches = readJson<{ cases: Case[] }[]>("labnet/mempool-cases.json");
  let seen = 0;
  for (const { name, hex, result } of batches.flatMap(({ cases }) => cases)) {
    if (hex === undefined) continue;
    const tx = parse(wireHex(hex), readTransaction);
    if (result.error?.code === -22) {
      expect(tx, name).toBeInstanceOf(ParseError);
      continue;
    }
    if (tx instanceof ParseError) throw new Error(`${name}: ${tx}`);
    if (name === "trailing-byte")
      expect(parseWhole(wireHex(hex), readTransaction)).toBeInstanceOf(ParseError);
    if (result.txid !== undefined) expect(toDisplayHex(txid(tx)), name).toBe(result.txid);
    seen++;
  }
  expect(seen).toBeGreaterThan(300);
});

const START_HEAD = `0500000002${"ab".repeat(32)}00000000`;

test("a public key is read as the daemon will write it", () => {
  const key = `02${"11".repeat(32)}`;
  const start = (wire: string) => parse(wireHex(`${START_HEAD}${wire}21${key}0000000000`), readTransaction);
  const keyOf = (wire: string): string => {
    const tx = start(wire);
    if (tx instanceof ParseError || tx.kind !== "fluxnodeStart") throw new Error(String(tx));
    return toWireHex(tx.collateralPubkey);
  };
  expect(keyOf(`21${key}`)).toBe(key);
  expect(keyOf(`23${key}ffff`)).toBe(key); // what exceeds the size its first byte calls for is dropped
  expect(keyOf("0105")).toBe(""); // no such first byte
  expect(keyOf("00")).toBe("");
  expect(keyOf(`42${key}${"00".repeat(33)}`)).toBe(""); // longer than any key: skipped
  expect(start("0302aabb")).toEqual(new ParseError(41, "collateralPubkey", "publicKeyTooShort"));
});

test("a boolean of any value but zero is true and is written as 01", () => {
  const wire = `06000000020001000007010100`;
  const tx = parse(wireHex(wire), readTransaction);
  if (tx instanceof ParseError) throw new Error(String(tx));
  expect(toWireHex(transactionBytes(tx))).toBe("06000000020001000001010100");
});

test("only the two known overwintered formats are read", () => {
  for (const header of ["03000080" + "85202f89", "05000080" + "85202f89", "04000080" + "7082c403"]) {
    const tx = parse(wireHex(header + "00".repeat(30)), readTransaction);
    expect(tx).toEqual(new ParseError(0, "version", "unknownTransactionFormat"));
  }
});
