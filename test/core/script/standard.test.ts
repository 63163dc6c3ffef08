import {
  buildScript,
  isPayToKeyHash,
  isPayToScriptHash,
  lastPush,
  matchTemplate,
  multisigScript,
  nullDataScript,
  OP,
  p2shSigops,
  payToKeyHash,
  payToPublicKey,
  payToScriptHash,
  type TxOutput,
} from "@fluxlab/core";
import { describe, expect, test } from "vitest";
import { sampleTransactions } from "../../support/samples.ts";

const id = new Uint8Array(20).fill(7);
const keyOf = (length: number): Uint8Array => new Uint8Array(length).fill(2);

describe("templates", () => {
  test("the scripts wallets make have the form they are made for", () => {
    expect(matchTemplate(payToKeyHash(id))).toEqual({ type: "keyHash", keyId: id });
    expect(matchTemplate(payToScriptHash(id))).toEqual({ type: "scriptHash", scriptId: id });
    expect(matchTemplate(payToPublicKey(keyOf(33)))).toEqual({ type: "publicKey", publicKey: keyOf(33) });
    expect(matchTemplate(nullDataScript(new Uint8Array(80)))).toEqual({ type: "nullData" });
    expect(matchTemplate(buildScript(OP.RETURN))).toEqual({ type: "nullData" });
  });

  test("keys of 33 to 65 bytes are keys, whatever they say", () => {
    for (const length of [33, 34, 64, 65])
      expect(matchTemplate(payToPublicKey(keyOf(length)))?.type).toBe("publicKey");
    for (const length of [32, 66]) expect(matchTemplate(payToPublicKey(keyOf(length)))).toBeUndefined();
  });

  test("a multisig has 1 <= m <= n <= 16 and as many keys as it says", () => {
    const keys = Array.from({ length: 17 }, () => keyOf(33));
    for (const [m, n] of [
      [1, 1],
      [2, 3],
      [16, 16],
    ] as const) {
      expect(matchTemplate(multisigScript(m, keys.slice(0, n)))).toMatchObject({
        type: "multisig",
        required: m,
      });
    }
    for (const [m, n] of [
      [0, 1],
      [3, 2],
      [1, 0],
    ] as const) {
      expect(matchTemplate(multisigScript(m, keys.slice(0, n)))).toBeUndefined();
    }
    expect(matchTemplate(buildScript(OP.ONE, keyOf(33), OP.ONE + 1, OP.CHECKMULTISIG))).toBeUndefined();
    expect(matchTemplate(buildScript(OP.ONE, ...keys, OP.SIXTEEN + 1, OP.CHECKMULTISIG))).toBeUndefined();
  });

  test("too much data, two pushes or anything after is no null data", () => {
    expect(matchTemplate(nullDataScript(new Uint8Array(81)))).toBeUndefined();
    expect(matchTemplate(buildScript(OP.RETURN, id, id))).toBeUndefined();
  });

  test("a hash pushed the long way is a key hash to the template, not to consensus", () => {
    const long = Uint8Array.from([OP.DUP, OP.HASH160, OP.PUSHDATA1, 20, ...id, OP.EQUALVERIFY, OP.CHECKSIG]);
    expect(matchTemplate(long)?.type).toBe("keyHash");
    expect(isPayToKeyHash(long)).toBe(false);
    expect(isPayToKeyHash(payToKeyHash(id))).toBe(true);
    const longP2sh = Uint8Array.from([OP.HASH160, OP.PUSHDATA1, 20, ...id, OP.EQUAL]);
    expect(isPayToScriptHash(longP2sh)).toBe(false);
    expect(matchTemplate(longP2sh)).toBeUndefined();
  });
});

describe("signature checks in redeem scripts", () => {
  const payment = sampleTransactions["payment"]!;
  const spending = (scriptSig: Uint8Array) =>
    payment.kind === "ordinary" ? { ...payment, inputs: [{ ...payment.inputs[0]!, scriptSig }] } : payment;
  const output = (scriptPubKey: Uint8Array): TxOutput => ({ value: 0n, scriptPubKey });
  const twoOfThree = multisigScript(2, [keyOf(33), keyOf(33), keyOf(33)]);

  test("count where the output is P2SH and the scriptSig only pushes", () => {
    const p2sh = output(payToScriptHash(id));
    expect(p2shSigops(spending(buildScript(OP.ZERO, twoOfThree)), [p2sh])).toBe(3);
    expect(p2shSigops(spending(buildScript(OP.ZERO, twoOfThree)), [output(payToKeyHash(id))])).toBe(0);
    expect(p2shSigops(spending(buildScript(OP.NOP, twoOfThree)), [p2sh])).toBe(0);
    expect(p2shSigops(spending(new Uint8Array(0)), [p2sh])).toBe(0);
  });

  test("an opcode that pushes a number leaves no script", () => {
    expect(lastPush(buildScript(twoOfThree))).toEqual(twoOfThree);
    expect(lastPush(buildScript(twoOfThree, OP.ONE))).toEqual(new Uint8Array(0));
    expect(lastPush(buildScript(twoOfThree, OP.NOP))).toBeUndefined();
  });
});
