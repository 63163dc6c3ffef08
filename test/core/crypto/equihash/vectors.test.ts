import {
  blockHash,
  EquihashDigests,
  equihashShape,
  expandBits,
  packBits,
  packIndices,
  parseWhole,
  plainEquihash,
  plainSolver,
  readHeader,
  toDisplayHex,
  toWireHex,
  unpackIndices,
  Writer,
  wireHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import { type EquihashVectors, puzzleInput, solutionSet } from "../../../support/equihash.ts";
import { readJson } from "../../../support/vectors.ts";
import { vectorTest } from "../../../support/vectorTest.ts";

const vectors = () => readJson<EquihashVectors>("equihash.json");

vectorTest("equihash.json arrays: bits expand and pack", () => {
  expect(vectors().arrays).toHaveLength(3);
  for (const { bitLen, bytePad, compact, expanded } of vectors().arrays) {
    expect(toWireHex(expandBits(wireHex(compact), bitLen, bytePad))).toBe(expanded);
    expect(toWireHex(packBits(wireHex(expanded), bitLen, bytePad))).toBe(compact);
  }
});

vectorTest("equihash.json minimal: indices pack and unpack", () => {
  expect(vectors().minimal).toHaveLength(2);
  for (const { collisionBitLength, indices, minimal } of vectors().minimal) {
    const shape = {
      ...equihashShape({ n: 200, k: 9 })!,
      indexBits: collisionBitLength + 1,
      indices: indices.length,
    };
    expect(toWireHex(packIndices(indices, shape))).toBe(minimal);
    expect(unpackIndices(wireHex(minimal), shape)).toEqual(indices);
  }
});

vectorTest("equihash.json hashOutputs: digests, twist and rows", () => {
  expect(vectors().hashOutputs).toHaveLength(10);
  for (const each of vectors().hashOutputs) {
    const shape = equihashShape(each)!;
    const digests = new EquihashDigests(shape, puzzleInput(each));
    expect(toWireHex(digests.digest(each.hashIndex))).toBe(each.digest);
    const rows = each.rows.map((_, i) => toWireHex(digests.row(each.hashIndex * shape.hashesPerDigest + i)));
    expect(rows).toEqual(each.rows);
  }
});

vectorTest("equihash.json solutions: every verdict and reason, in plain TypeScript", () => {
  expect(vectors().solutions).toHaveLength(41);
  for (const each of vectors().solutions) {
    const solution = wireHex(each.solution);
    const fault = plainEquihash.check({ params: each, input: puzzleInput(each), solution });
    expect(fault, each.id).toBe(each.valid ? undefined : each.reason);
    if (each.indices !== undefined) {
      expect(unpackIndices(solution, equihashShape(each)!), each.id).toEqual(each.indices);
    }
  }
});

vectorTest("equihash.json headers: genesis blocks of all networks", () => {
  expect(vectors().headers).toHaveLength(3);
  for (const { n, k, headerWithoutSolution, solution, blockHash: hash } of vectors().headers) {
    const input = wireHex(headerWithoutSolution);
    expect(plainEquihash.check({ params: { n, k }, input, solution: wireHex(solution) })).toBeUndefined();
    const writer = new Writer();
    writer.bytes(input);
    writer.varBytes(wireHex(solution));
    const header = parseWhole(writer.copy(), readHeader);
    expect("kind" in header && toDisplayHex(blockHash(header))).toBe(hash);
  }
});

vectorTest("equihash.json solutionSets: the plain solver finds all and only these", () => {
  expect(vectors().solutionSets).toHaveLength(6);
  for (const each of vectors().solutionSets) {
    expect(solutionSet(plainSolver(each)!.solve(puzzleInput(each))!)).toEqual(solutionSet(each.allSolutions));
  }
});
