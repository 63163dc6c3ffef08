import { decodeBase64, encodeBase64 } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";

test("base 64 is Node's, both ways", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const text = encodeBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64"));
      expect(decodeBase64(text)).toEqual(bytes);
    }),
  );
});

test.each([
  "A",
  "AA",
  "AAA",
  "AA=",
  "AB==",
  "AAB=",
  "AAAA=",
  "AA==AA==",
  " AAAA",
  "AA-_",
  "====",
  "é===",
])("%j is not base 64 in its canonical form", (text) => {
  expect(decodeBase64(text)).toBeUndefined();
});
