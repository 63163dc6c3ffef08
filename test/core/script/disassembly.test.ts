import { buildScript, OP, opcodeName, payToKeyHash, scriptAsm, wireHex } from "@fluxlab/core";
import { expect, test } from "vitest";

test("opcodes are written as the daemon writes them", () => {
  expect([OP.ZERO, OP.NEGATE_ONE, OP.ONE, OP.SIXTEEN].map(opcodeName)).toEqual(["0", "-1", "1", "16"]);
  expect([OP.TWO_DROP, OP.ZERO_NOT_EQUAL, OP.DUP].map(opcodeName)).toEqual([
    "OP_2DROP",
    "OP_0NOTEQUAL",
    "OP_DUP",
  ]);
  expect([OP.CHECKLOCKTIMEVERIFY, OP.NOP3 + 1, OP.NOP10].map(opcodeName)).toEqual([
    "OP_NOP2",
    "OP_NOP4",
    "OP_NOP10",
  ]);
  expect([0xba, 0xff].map(opcodeName)).toEqual(["OP_UNKNOWN", "OP_INVALIDOPCODE"]);
});

test("short data is a number, longer data hex, and a push past the end an error", () => {
  expect(scriptAsm(new Uint8Array(0))).toBe("");
  expect(scriptAsm(wireHex("0182"))).toBe("-2");
  expect(scriptAsm(wireHex("04ffffff7f050102030405"))).toBe("2147483647 0102030405");
  expect(scriptAsm(wireHex("76a94c"))).toBe("OP_DUP OP_HASH160 [error]");
  expect(scriptAsm(payToKeyHash(new Uint8Array(20)))).toBe(
    `OP_DUP OP_HASH160 ${"00".repeat(20)} OP_EQUALVERIFY OP_CHECKSIG`,
  );
});

test("the hash type of a signature is named where one is asked for and known", () => {
  const der = "3006020101020101";
  const script = (hashType: string): Uint8Array => buildScript(wireHex(der + hashType));
  expect(scriptAsm(script("01"), true)).toBe(`${der}[ALL]`);
  expect(scriptAsm(script("83"), true)).toBe(`${der}[SINGLE|ANYONECANPAY]`);
  expect(scriptAsm(script("04"), true)).toBe(`${der}04`);
  expect(scriptAsm(script("01"))).toBe(`${der}01`);
  expect(scriptAsm(buildScript(wireHex("31060201010201010101")), true)).toBe("31060201010201010101");
});
