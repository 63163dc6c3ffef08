import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BLOCK_SCRIPT_FLAGS,
  branchIdAt,
  encodeAddress,
  encodeBase58Check,
  encodeWif,
  type KeyPair,
  keyId,
  mainnet,
  multisigScript,
  NOTHING_SHIELDED,
  type OrdinaryTransaction,
  payToKeyHash,
  payToScriptHash,
  readTransaction,
  SAPLING_GROUP_ID,
  scriptIdOf,
  startVersion6,
  type Transaction,
  toDisplayHex,
  toWireHex,
  transactionBytes,
} from "@fluxlab/core";
import { describe, expect, test } from "vitest";
import { Field } from "../../../core/host/field.ts";
import { addressJson } from "../../../core/host/tx/addressJson.ts";
import { hexBytes, readWhole } from "../../../core/host/tx/hexInput.ts";
import { MAGICS, verifyText } from "../../../core/host/tx/message.ts";
import { coinsOf } from "../../../core/host/tx/prevouts.ts";
import { signOrdinary } from "../../../core/host/tx/signTransaction.ts";
import { verifyTransaction } from "../../../core/host/tx/verifyTransaction.ts";
import { testKey } from "../../support/keys.ts";
import { type Ended, feedProgram, runProgram, temporaryFolder } from "../../support/program.ts";
import { sampleBlockBytes, sampleTransactions } from "../../support/samples.ts";

const FLUX_TX = "core/bin/flux-tx.ts";
const fluxTx = (...args: string[]): Promise<Ended> => runProgram(FLUX_TX, ...args);

/** What a command prints, as JSON, and its exit code. */
async function answer(...args: string[]): Promise<{ code: number | null; json: Record<string, unknown> }> {
  const { code, stdout, stderr } = await fluxTx(...args);
  expect(stderr).toBe("");
  return { code, json: JSON.parse(stdout) };
}

function file(folder: string, name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const hexOf = (tx: keyof typeof sampleTransactions): string =>
  toWireHex(transactionBytes(sampleTransactions[tx]!));

describe("decode and encode", () => {
  test("undo each other through standard input and files", async () => {
    const hex = hexOf(Object.keys(sampleTransactions)[0]!);
    const { stdout: json } = await feedProgram(
      `${hex.slice(0, 10)}\n${hex.slice(10)}\n`,
      FLUX_TX,
      "decode",
      "-",
    );
    const { stdout, code } = await feedProgram(json, FLUX_TX, "encode", "-");
    expect(stdout).toBe(`${hex}\n`);
    expect(code).toBe(0);
  });

  test("a block is told from a transaction, and shows its transactions", async () => {
    const [block] = sampleBlockBytes();
    const { json } = await answer("decode", toWireHex(block!), "--network", "test");
    expect(json["size"]).toBe(block!.length);
    expect(json["tx"]).toBeInstanceOf(Array);
  });
});

const TX = `0100000001${"11".repeat(32)}0000000000ffffffff0100000000000000000000000000`;

describe("what is wrong with the input ends with code 2 and says where", () => {
  const cases: [name: string, args: string[], message: RegExp][] = [
    [
      "truncated",
      ["decode", TX.slice(0, 100)],
      /^transaction: .*outputs at byte 46: end of data \(of 50\)$/m,
    ],
    [
      "neither this nor that",
      ["decode", "0102"],
      /^transaction: .*\nblock: .*header\.version.*\nheader: .*version at byte 0/,
    ],
    ["no hex", ["decode", "01xy"], /^hex: expected hex or the name of a file, got "x" as character 3$/m],
    ["no file", ["encode", "/nowhere/tx.json"], /^\/nowhere\/tx\.json: there is no such file$/m],
    ["no key", ["sign", TX, "--key", "Kxyz"], /^a key is not in the wallet import format of main$/m],
    [
      "no such branch",
      ["verify", TX, "--branch-id", "xyz"],
      /^--branch-id: expected 8 hex digits, got "xyz"$/m,
    ],
  ];

  test.each(cases)("%s", async (_, args, message) => {
    const { code, stdout, stderr } = await fluxTx(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m); // no stack
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

test.each([
  [`${TX}00`, "tx: not readable: end at byte 60: bytes follow the end of the object (of 61)"],
  ["01000000fe00000003", "tx: not readable: inputs at byte 4: size is above 33554432 (of 9)"],
  ["01000000fd0100", "tx: not readable: inputs at byte 4: size is not in its shortest form (of 7)"],
  [
    TX.replace("0000000000ffffffff", "00000000fcffffffff"),
    "tx: not readable: inputs[0].scriptSig at byte 42: end",
  ],
  ["010", "tx: expected two hex digits a byte, got 3 digits"],
])("bytes that are no transaction: %s", (hex, message) => {
  expect(() => readWhole(hexBytes(hex, "tx"), readTransaction, "tx")).toThrow(message);
});

describe("sign and verify", () => {
  const owner = testKey("owner");
  const partners = [testKey("first"), testKey("second"), testKey("third")];
  const redeemScript = multisigScript(
    2,
    partners.map(({ publicKey }) => publicKey),
  );
  const scripts = [payToKeyHash(keyId(owner.publicKey)), payToScriptHash(scriptIdOf(redeemScript))];
  const prevTxid = new Uint8Array(32).fill(7);
  const unsigned: OrdinaryTransaction = {
    kind: "ordinary",
    overwintered: true,
    version: 4,
    versionGroupId: SAPLING_GROUP_ID,
    inputs: scripts.map((_, index) => ({
      prevout: { txid: prevTxid, index },
      scriptSig: new Uint8Array(0),
      sequence: 0xffff_ffff,
    })),
    outputs: [{ value: 150_000_000n, scriptPubKey: scripts[0]! }],
    lockTime: 0,
    expiryHeight: 0,
    shielded: NOTHING_SHIELDED,
  };
  const prevouts = scripts.map((scriptPubKey, vout) => ({
    txid: toDisplayHex(prevTxid),
    vout,
    scriptPubKey: toWireHex(scriptPubKey),
    amount: vout === 0 ? 0.7 : "0.80000000",
    ...(vout === 0 ? {} : { redeemScript: toWireHex(redeemScript) }),
  }));
  const BRANCH = branchIdAt(mainnet.upgrades, 2_127_000);
  const wif = (key: KeyPair): string => encodeWif(key, mainnet);
  const hex = toWireHex(transactionBytes(unsigned));

  test("three signers, one after another, finish what no two of them could", async () => {
    const coins = file(temporaryFolder(), "coins.json", prevouts);
    const sign = (tx: string, key: KeyPair) => answer("sign", tx, "--prevouts", coins, "--key", wif(key));
    const first = await sign(hex, partners[2]!);
    expect(first.code).toBe(1);
    expect(first.json["errors"]).toHaveLength(2);
    const second = await sign(first.json["hex"] as string, owner);
    expect(second.code).toBe(1);
    expect(second.json["errors"]).toMatchObject([{ vout: 1 }]);
    const third = await sign(second.json["hex"] as string, partners[0]!);
    expect(third.json).toMatchObject({ complete: true });
    expect(third.code).toBe(0);

    const signed = third.json["hex"] as string;
    const good = await answer("verify", signed, "--prevouts", coins, "--standard");
    expect(good.json).toMatchObject({ valid: true, transaction: "ok", inputs: [{ ok: true }, { ok: true }] });
    expect(good.code).toBe(0);

    const tx = readWhole(hexBytes(signed, "hex"), readTransaction, "tx") as OrdinaryTransaction;
    const atOnce = signOrdinary(
      unsigned,
      coinsOf(unsigned, new Field(prevouts)),
      [...partners, owner],
      BRANCH,
      1,
    );
    expect(atOnce.complete).toBe(true);
    const again = signOrdinary(tx, coinsOf(tx, new Field(prevouts)), [partners[1]!], BRANCH, 1);
    expect(again.complete).toBe(true);
    const cheaper = coinsOf(tx, new Field(prevouts.map((each) => ({ ...each, amount: "0.5" }))));
    expect(verifyTransaction(tx, cheaper, BRANCH, BLOCK_SCRIPT_FLAGS, mainnet)).toMatchObject({
      valid: false,
      json: { inputs: [{ ok: false }, { ok: false }] },
    });
  });

  test("the START of a FluxNode", async () => {
    const start = startVersion6({
      collateral: { txid: prevTxid, index: 0 },
      owner: { type: "key", publicKey: owner.publicKey },
      nodeKey: partners[0]!.publicKey,
      sigTime: 1_700_000_000,
    });
    const { json, code } = await answer("sign", toWireHex(transactionBytes(start)), "--key", wif(owner));
    expect(json["complete"]).toBe(true);
    expect(code).toBe(0);
    const signed = readWhole(hexBytes(json["hex"] as string, "hex"), readTransaction, "tx");
    const verdict = (tx: Transaction) => verifyTransaction(tx, [], BRANCH, BLOCK_SCRIPT_FLAGS, mainnet);
    expect(verdict(signed).valid).toBe(true);
    expect(verdict(start)).toMatchObject({
      valid: false,
      json: { transaction: "bad-txns-fluxnode-tx-invalid-signature" },
    });
  });

  test.each<[content: unknown, message: RegExp]>([
    [prevouts.slice(1), /^input 0: --prevouts does not list 0707.*:0$/],
    [[{ ...prevouts[0], txid: "07" }], /^\[0\]\.txid: expected a hash of 64 hex digits, got "07"$/],
    [[{ ...prevouts[0], amount: -1 }], /^\[0\]\.amount: expected FLUX with at most eight places/],
    [[{ ...prevouts[0], amount: 0.123456789 }], /^\[0\]\.amount: expected FLUX with at most eight places/],
    [[{ ...prevouts[0], redeemScript: "51" }], /^\[0\]\.redeemScript: expected the script whose hash/],
    [{}, /^the file: expected a list, got an object$/],
  ])("prevouts that are wrong say where (%#)", (content, message) => {
    expect(() => coinsOf(unsigned, new Field(content))).toThrow(message);
  });

  test("texts, in both magics, with a Flux address or a ZelID", async () => {
    const zelId = encodeBase58Check(Uint8Array.from([0, ...keyId(owner.publicKey)]));
    const address = encodeAddress({ type: "keyHash", id: keyId(owner.publicKey) }, mainnet);
    for (const [magic, signer, otherMagic] of [
      ["flux", address, "zelid"],
      ["zelid", zelId, "flux"],
    ] as const) {
      const { stdout } = await fluxTx("message", "sign", "hello", "--key", wif(owner), "--magic", magic);
      const signature = stdout.trim();
      expect(verifyText(signer, signature, "hello", MAGICS[magic]!, mainnet)).toBe(true);
      const wrong = await fluxTx("message", "verify", signer, signature, "hello", "--magic", otherMagic);
      expect(wrong).toMatchObject({ stdout: "false\n", code: 1 });
    }
  });
});

test("addresses say what they stand for and where", async () => {
  const known = await answer("address", "t2CnQM8GL1oqMBwrg1RSBkDyegJsx84eLcy");
  expect(known.json).toMatchObject({ isvalid: true, isscript: true, networks: ["test", "regtest"] });
  expect(known.code).toBe(0);
  expect(addressJson("nonsense")).toEqual({ isvalid: false });
});

test("--help has examples", async () => {
  const pages = await Promise.all([[], ["message", "verify"]].map((path) => fluxTx(...path, "--help")));
  for (const { code, stdout } of pages) {
    expect(stdout).toContain("Examples:");
    expect(code).toBe(0);
  }
});
