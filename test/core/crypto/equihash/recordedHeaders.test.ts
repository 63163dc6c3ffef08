import {
  checkEquihashSolution,
  type EquihashClaim,
  equihashInput,
  ParseError,
  type PowHeader,
  parse,
  readHeader,
  shapeOfSolution,
  wireHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { verifiers, wasmEquihash } from "../../../support/equihash.ts";
import { readJsonLines } from "../../../support/vectors.ts";
import { vectorTest } from "../../../support/vectorTest.ts";

/** The proof-of-work headers of a recorded chain. */
function powHeaders(file: string): PowHeader[] {
  const headers = readJsonLines<{ hex: string }>(file).map(({ hex }) => parse(wireHex(hex), readHeader));
  return headers.filter((header) => !(header instanceof ParseError) && header.kind === "pow") as PowHeader[];
}

const claimOf = (header: PowHeader): EquihashClaim => ({
  params: shapeOfSolution(header.solution.length)!,
  input: equihashInput(header),
  solution: header.solution,
});

const withBitFlipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const flipped = bytes.slice();
  flipped[bit >>> 3]! ^= 1 << (bit & 7);
  return flipped;
};

for (const [file, count] of [
  ["labnet/chain-a.jsonl", 960],
  ["labnet/testnet-chain.jsonl", 800],
  ["labnet/regtest-chain.jsonl", 1],
] as const) {
  vectorTest(`every proof-of-work header of ${file} verifies, and none with a bit changed`, () => {
    const headers = powHeaders(file);
    expect(headers).toHaveLength(count);
    const claims = headers.map(claimOf);
    expect(wasmEquihash.checkAll(claims).every((fault) => fault === undefined)).toBe(true);
    // One bit of the input in one copy, one of the solution in the other; another bit in each header.
    const tampered = claims.flatMap((claim, i) => [
      { ...claim, input: withBitFlipped(claim.input, (i * 7) % 1_120) },
      { ...claim, solution: withBitFlipped(claim.solution, (i * 5) % (claim.solution.length * 8)) },
    ]);
    expect(wasmEquihash.checkAll(tampered)).not.toContain(undefined);
    // The reference form is too slow for all of them.
    for (const [, verifier] of verifiers) {
      for (const header of headers.filter((_, i) => i % 20 === 0)) {
        expect(checkEquihashSolution(header, verifier)).toBeUndefined();
      }
      for (const claim of tampered.filter((_, i) => i % 41 === 0)) {
        expect(verifier.check(claim)).toBe(wasmEquihash.check(claim));
      }
    }
  });
}
