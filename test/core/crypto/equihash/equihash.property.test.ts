import {
  EQUIHASH_SHAPES,
  type EquihashShape,
  expandBits,
  packBits,
  packIndices,
  plainEquihash,
  plainSolver,
  unpackIndices,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { solutionSet, wasmEquihash } from "../../../support/equihash.ts";

const anyShape = fc.constantFrom(...EQUIHASH_SHAPES);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const anyInput = fc.uint8Array({ maxLength: 256 });
const small = { n: 48, k: 5 };
const smallShape = EQUIHASH_SHAPES.find(({ n }) => n === 48)!;

/** An index list that some rounds accept: ordered, or with duplicates, or all the same, or anything. */
const anyIndices = ({ indices, indexBits }: EquihashShape) => {
  const index = fc.integer({ min: 0, max: 2 ** indexBits - 1 });
  const list = fc.array(index, { minLength: indices, maxLength: indices });
  return fc.oneof(
    list,
    list.map((each) => each.toSorted((a, b) => a - b)),
    index.map((each) => Array.from({ length: indices }, () => each)),
    fc.tuple(index, index).map(([a, b]) => Array.from({ length: indices }, (_, i) => (i % 2 === 0 ? a : b))),
  );
};

test("packing undoes unpacking, for every solution of every shape", () => {
  const shapeAndSolution = anyShape.chain((shape) =>
    fc.tuple(fc.constant(shape), bytes(shape.solutionBytes)),
  );
  fc.assert(
    fc.property(shapeAndSolution, ([shape, solution]) => {
      expect(packIndices(unpackIndices(solution, shape), shape)).toEqual(solution);
    }),
  );
});

test("packing undoes expanding where groups fill the stream", () => {
  const widthAndBytes = fc
    .tuple(fc.integer({ min: 8, max: 25 }), fc.nat(2))
    .chain(([width, pad]) => fc.tuple(fc.constant(width), fc.constant(pad), bytes(3 * width)));
  fc.assert(
    fc.property(widthAndBytes, ([width, pad, packed]) => {
      expect(packBits(expandBits(packed, width, pad), width, pad)).toEqual(packed);
    }),
  );
});

test("both forms give one verdict on any claim", () => {
  const anyClaim = anyShape.chain((shape) => {
    const rightLength = fc.oneof(
      bytes(shape.solutionBytes),
      anyIndices(shape).map((each) => packIndices(each, shape)),
    );
    const solution = fc.oneof({ weight: 4, arbitrary: rightLength }, fc.uint8Array({ maxLength: 1_400 }));
    return fc.record({ params: fc.constant(shape), input: anyInput, solution });
  });
  fc.assert(
    fc.property(fc.array(anyClaim, { maxLength: 3 }), (claims) => {
      expect(wasmEquihash.checkAll(claims)).toEqual(plainEquihash.checkAll(claims));
    }),
  );
});

test("parameters that nobody defined have no valid solution", () => {
  const params = fc.record({ n: fc.integer(), k: fc.integer() });
  fc.assert(
    fc.property(params, fc.uint8Array(), (unknown, solution) => {
      fc.pre(!EQUIHASH_SHAPES.some(({ n, k }) => n === unknown.n && k === unknown.k));
      const claim = { params: unknown, input: new Uint8Array(140), solution };
      expect(wasmEquihash.check(claim)).toBe("unknownParameters");
      expect(plainEquihash.check(claim)).toBe("unknownParameters");
    }),
  );
});

test("both solvers of (48, 5) find the same set, all of it valid, none of it once changed", () => {
  const solver = wasmEquihash.smallSolver(small)!;
  const plain = plainSolver(small)!;
  fc.assert(
    fc.property(anyInput, fc.nat(36 * 8 - 1), (input, bit) => {
      const solutions = solver.solve(input)!;
      expect(solutionSet(solutions)).toEqual(solutionSet(plain.solve(input)!));
      for (const indices of solutions) {
        const claim = { params: small, input, solution: packIndices(indices, smallShape) };
        expect(plainEquihash.check(claim)).toBeUndefined();
        expect(wasmEquihash.check(claim)).toBeUndefined();
        claim.solution[bit >>> 3]! ^= 1 << (bit & 7);
        const fault = plainEquihash.check(claim);
        expect(fault).toBeDefined();
        expect(wasmEquihash.check(claim)).toBe(fault);
      }
    }),
  );
});
