import {
  decodeBase58,
  decodeBase58Check,
  encodeBase58,
  encodeBase58Check,
  toWireHex,
  wireHex,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

vectorTest("base 58 of base58_encode_decode.json, both ways", () => {
  for (const [hex, text] of readJson<[string, string][]>("base58_encode_decode.json")) {
    expect(encodeBase58(wireHex(hex))).toBe(text);
    expect(toWireHex(decodeBase58(text)!)).toBe(hex);
  }
});

/** The obvious way: one big number. */
function encodeByDivision(bytes: Uint8Array): string {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let text = "";
  for (let rest = BigInt(`0x0${toWireHex(bytes)}`); rest > 0n; rest /= 58n) {
    text = alphabet[Number(rest % 58n)]! + text;
  }
  const firstDigit = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(firstDigit < 0 ? bytes.length : firstDigit) + text;
}

test("base 58 is the division of one big number, and decoding undoes it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const text = encodeBase58(bytes);
      expect(text).toBe(encodeByDivision(bytes));
      expect(decodeBase58(text)).toEqual(bytes);
      expect(decodeBase58(` \t${text}\n`)).toEqual(bytes);
      expect(decodeBase58Check(encodeBase58Check(bytes))).toEqual(bytes);
    }),
  );
});

test("one changed character is a wrong checksum", () => {
  const text = encodeBase58Check(wireHex("1cb8000102030405060708090a0b0c0d0e0f10111213"));
  for (let i = 0; i < text.length; i++) {
    const changed = text.slice(0, i) + (text[i] === "z" ? "y" : "z") + text.slice(i + 1);
    expect(decodeBase58Check(changed), changed).toBeUndefined();
  }
});

test.each(["0", "O", "I", "l", "a b", "é", "a\0", "1".repeat(513)])("%j is not base 58", (text) => {
  expect(decodeBase58(text)).toBeUndefined();
});
