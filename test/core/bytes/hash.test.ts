import { createHash } from "node:crypto";
import {
  blake2b256,
  hash160,
  parseDisplayHash,
  parseWireHex,
  personalisation,
  sha256d,
  toDisplayHex,
  toWireHex,
  wireHex,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";

const EMPTY = new Uint8Array(0);
const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest();

test("digests of nothing are the published ones", () => {
  expect(toWireHex(sha256d(EMPTY))).toBe("5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456");
  expect(toWireHex(hash160(EMPTY))).toBe("b472a266d0bd89c13706a4132ccfb16f7c3b9fcb");
});

test("sha256d is SHA-256 twice, whatever was hashed before", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      expect(toWireHex(sha256d(data))).toBe(sha256(sha256(data)).toString("hex"));
    }),
  );
});

test("a personalisation changes the digest and has 16 characters", () => {
  const [one, other] = [personalisation("ZcashPrevoutHash"), personalisation("ZcashSequencHash")];
  expect(blake2b256(EMPTY, one)).not.toEqual(blake2b256(EMPTY, other));
  expect(blake2b256(EMPTY, one).length).toBe(32);
  expect(() => personalisation("short")).toThrow("16 bytes");
});

test("hex reads back in both orders", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      expect(parseWireHex(toWireHex(bytes))).toEqual(bytes);
      expect(parseDisplayHash(toDisplayHex(bytes))).toEqual(bytes);
      expect(toDisplayHex(bytes)).toBe(toWireHex(bytes.toReversed()));
    }),
  );
  expect(wireHex("00fFaB")).toEqual(Uint8Array.of(0, 0xff, 0xab));
  expect([parseWireHex("0"), parseWireHex("0g"), parseDisplayHash("00")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
