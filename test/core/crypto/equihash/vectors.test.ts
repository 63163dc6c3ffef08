import {
  blockHash,
  EquihashDigests,
  equihashShape,
  expandBits,
  packBits,
  packIndices,
  parseWhole,
  plainSolver,
  readHeader,
  toDisplayHex,
  toWireHex,
  unpackIndices,
  Writer,
  wireHex,
} from "@fluxlab/core";
import { expect } from "vitest";
import {
  type EquihashVectors,
  puzzleInput,
  solutionSet,
  verifiers,
  wasmEquihash,
} from "../../../support/equihash.ts";
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

for (const [name, verifier] of verifiers) {
  vectorTest(`equihash.json solutions: every verdict and reason, ${name}`, () => {
    const { solutions } = vectors();
    expect(solutions).toHaveLength(41);
    const claims = solutions.map((each) => ({
      params: each,
      input: puzzleInput(each),
      solution: wireHex(each.solution),
    }));
    const reasons = solutions.map(({ valid, reason }) => (valid ? undefined : reason));
    expect(claims.map(verifier.check)).toEqual(reasons);
    expect(verifier.checkAll(claims)).toEqual(reasons);
  });

  vectorTest(`equihash.json headers: genesis blocks of all networks, ${name}`, () => {
    expect(vectors().headers).toHaveLength(3);
    for (const { n, k, headerWithoutSolution, solution, blockHash: hash } of vectors().headers) {
      const input = wireHex(headerWithoutSolution);
      expect(verifier.check({ params: { n, k }, input, solution: wireHex(solution) })).toBeUndefined();
      const writer = new Writer();
      writer.bytes(input);
      writer.varBytes(wireHex(solution));
      const header = parseWhole(writer.copy(), readHeader);
      expect("kind" in header && toDisplayHex(blockHash(header))).toBe(hash);
    }
  });
}

vectorTest("equihash.json solutions: indices", () => {
  for (const each of vectors().solutions) {
    if (each.indices === undefined) continue;
    expect(unpackIndices(wireHex(each.solution), equihashShape(each)!), each.id).toEqual(each.indices);
  }
});

vectorTest("equihash.json solutionSets: both solvers find all and only these", () => {
  const { solutionSets } = vectors();
  expect(solutionSets).toHaveLength(6);
  for (const each of solutionSets) {
    const wanted = solutionSet(each.allSolutions);
    expect(solutionSet(wasmEquihash.smallSolver(each)!.solve(puzzleInput(each))!)).toEqual(wanted);
    expect(solutionSet(plainSolver(each)!.solve(puzzleInput(each))!)).toEqual(wanted);
  }
});
