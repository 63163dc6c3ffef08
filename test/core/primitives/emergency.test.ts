import {
  displayHash,
  emergencySignatures,
  isEmergencyHeader,
  ParseError,
  parse,
  readHeader,
  wireHex,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { labnet } from "../../support/networks.ts";
import { readJsonLines } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const decoded = (hex: string) => emergencySignatures(wireHex(hex), 4);

test("a signature field that ends early has the entries it announced", () => {
  expect(decoded("")).toEqual([]);
  expect(decoded("020201020103")).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3)]);
  expect(decoded("0101ffaaaa")).toEqual([Uint8Array.of(0xff)]); // bytes behind are ignored
  expect(decoded("0301050302")).toEqual([Uint8Array.of(5), new Uint8Array(3), new Uint8Array(0)]);
  expect(decoded("05")).toBeUndefined();
  expect(decoded(`014a${"00".repeat(74)}`)).toEqual(["oversized"]);
  expect(decoded("01feffffff01")).toEqual(["oversized"]);
});

vectorTest("the recorded chain has emergency blocks, each with at least the signatures it needs", () => {
  const { emergency } = labnet();
  const marker = displayHash(emergency.collateralTxid);
  let seen = 0;
  for (const { hex } of readJsonLines<{ hex: string }>("labnet/chain-a.jsonl")) {
    const header = parse(wireHex(hex), readHeader);
    if (header instanceof ParseError) throw new Error(String(header));
    if (!isEmergencyHeader(header, marker)) continue;
    seen++;
    const signatures = emergencySignatures(header.signature, emergency.publicKeys.length);
    expect(signatures?.length).toBeGreaterThanOrEqual(emergency.minSignatures);
  }
  expect(seen).toBeGreaterThan(0);
});
