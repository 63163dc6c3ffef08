import { ParseError, parse, parseWhole, Reader, readBlock, Writer, wireHex } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";

const size = (hex: string) => parse(wireHex(hex), (reader) => reader.compactSize("size"));

test.each([
  ["00", 0],
  ["fc", 252],
  ["fdfd00", 253],
  ["fdffff", 65_535],
  ["fe00000100", 65_536],
  ["fe00000002", 0x0200_0000],
])("CompactSize %s is %i", (hex, value) => {
  expect(size(hex)).toBe(value);
});

test.each([
  ["fdfc00", "nonCanonicalSize"],
  ["feffff0000", "nonCanonicalSize"],
  ["ffffffffff00000000", "nonCanonicalSize"],
  ["fe01000002", "sizeTooLarge"],
  ["ff0000000001000000", "sizeTooLarge"],
  ["ffffffffffffffffff", "sizeTooLarge"],
  ["fd01", "endOfData"],
  ["", "endOfData"],
] as const)("CompactSize %s fails: %s", (hex, reason) => {
  const result = size(hex);
  expect(result).toBeInstanceOf(ParseError);
  expect((result as ParseError).reason).toBe(reason);
});

test("a CompactSize reads back, in its shortest form", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0x0200_0000 }), (value) => {
      const writer = new Writer();
      writer.compactSize(value);
      expect(parseWhole(writer.copy(), (reader) => reader.compactSize("size"))).toBe(value);
      expect(writer.length).toBe(value < 253 ? 1 : value < 65_536 ? 3 : 5);
    }),
  );
});

test("integers read back at both ends of their ranges", () => {
  const writer = new Writer();
  for (const value of [0, 0xffff_ffff]) writer.u32(value);
  for (const value of [-1, -0x8000_0000, 0x7fff_ffff]) writer.u32(value);
  for (const value of [-1n, 0n, 2n ** 63n - 1n, -(2n ** 63n)]) writer.i64(value);
  for (const value of [-128, 127]) writer.u8(value);
  const reader = new Reader(writer.copy());
  expect([reader.u32("a"), reader.u32("b")]).toEqual([0, 0xffff_ffff]);
  expect([reader.i32("a"), reader.i32("b"), reader.i32("c")]).toEqual([-1, -0x8000_0000, 0x7fff_ffff]);
  expect([reader.i64("a"), reader.i64("b"), reader.i64("c"), reader.i64("d")]).toEqual([
    -1n,
    0n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ]);
  expect([reader.i8("a"), reader.i8("b")]).toEqual([-128, 127]);
  expect([reader.failed, reader.remaining]).toEqual([false, 0]);
  expect(() => writer.i64(2n ** 63n)).toThrow("does not fit");
});

test("after the first failure nothing moves and the first reason stays", () => {
  const reader = new Reader(Uint8Array.of(1, 2, 3));
  expect(reader.u32("first")).toBe(0);
  expect([reader.u8("second"), reader.bytes(1, "third").length, reader.offset]).toEqual([0, 0, 0]);
  expect(reader.error).toEqual(new ParseError(0, "first", "endOfData"));
});

test("an error names the path of the field and where it begins", () => {
  const header = `04000000${"00".repeat(104)}${"00".repeat(32)}00`;
  const oneInput = `0100000001${"00".repeat(36)}`;
  const fail = (transaction: string) => parse(wireHex(`${header}01${transaction}`), readBlock);
  expect(fail(`${oneInput}05ff`)).toEqual(new ParseError(146, "transactions[0].inputs", "endOfData"));
  expect(fail(`${oneInput}fdfc00${"ff".repeat(9)}`)).toEqual(
    new ParseError(183, "transactions[0].inputs[0].scriptSig", "nonCanonicalSize"),
  );
  expect(String(parse(wireHex("04000000"), readBlock))).toBe("header.previousHash at byte 4: end of data");
});

test("a count that the rest of the input cannot hold allocates nothing", () => {
  const reader = new Reader(wireHex(`fe00000002${"00".repeat(64)}`));
  let read = 0;
  const elements = reader.vector("elements", 9, () => read++);
  expect([elements, read, reader.error?.reason]).toEqual([[], 0, "endOfData"]);
});
