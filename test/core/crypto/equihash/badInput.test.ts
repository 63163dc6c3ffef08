import {
  type EquihashFault,
  equihashShape,
  loadEquihash,
  loadSolver,
  newSolverMemory,
  ParseError,
  packIndices,
  parseWhole,
  plainEquihash,
  plainSolver,
  readHeader,
  Writer,
} from "@fluxlab/core";
import { NodeSolver, readModule } from "@fluxlab/core/host";
import { expect, onTestFinished, test, vi } from "vitest";
import { solutionSet, verifiers, wasmEquihash } from "../../../support/equihash.ts";

// What is no solution, no header or no host for it: each has a name, the same in both forms.

const params = { n: 48, k: 5 };
const shape = equihashShape(params)!;
const input = new Uint8Array(140).fill(5);
const [indices] = wasmEquihash.smallSolver(params)!.solve(input)!;
const solution = packIndices(indices!, shape);

const reversed = (from: number, to: number): number[] => [
  ...indices!.slice(0, from),
  ...indices!.slice(from, to).reverse(),
  ...indices!.slice(to),
];

/** Two neighbouring parts of a list exchanged. */
const exchanged = (size: number): number[] => [
  ...indices!.slice(size, 2 * size),
  ...indices!.slice(0, size),
  ...indices!.slice(2 * size),
];

const BROKEN: readonly (readonly [what: string, solution: Uint8Array, fault: EquihashFault | undefined])[] = [
  ["as it is", solution, undefined],
  ["empty", new Uint8Array(0), "length"],
  ["a byte short", solution.subarray(1), "length"],
  ["a byte long", Uint8Array.of(...solution, 0), "length"],
  ["of another set", new Uint8Array(52), "length"],
  ["all zeros", new Uint8Array(36), "duplicate"],
  ["all ones", new Uint8Array(36).fill(255), "duplicate"],
  ["one half twice", packIndices([...indices!.slice(0, 16), ...indices!.slice(0, 16)], shape), "duplicate"],
  ["first pair turned round", packIndices(reversed(0, 2), shape), "order"],
  ["last pair turned round", packIndices(reversed(30, 32), shape), "order"],
  ["quarters exchanged", packIndices(exchanged(8), shape), "order"],
  ["halves exchanged", packIndices(exchanged(16), shape), "order"],
  [
    "sorted",
    packIndices(
      indices!.toSorted((a, b) => a - b),
      shape,
    ),
    "collision",
  ],
];

for (const [form, verifier] of verifiers) {
  test.each(BROKEN)(`a solution %s, in ${form}`, (_, changed, fault) => {
    expect(verifier.check({ params, input, solution: changed })).toBe(fault);
  });

  test(`parameters that nobody defined, in ${form}`, () => {
    for (const unknown of [
      { n: 0, k: 0 },
      { n: 48, k: 4 },
      { n: 125, k: 5 },
      { n: -200, k: 9 },
      { n: 200.5, k: 9 },
      { n: Number.NaN, k: 5 },
    ]) {
      expect(verifier.check({ params: unknown, input, solution })).toBe("unknownParameters");
    }
  });

  test(`an input longer than any header is our bug, in ${form}`, () => {
    const claim = { params, input: new Uint8Array(257), solution };
    expect(() => verifier.check(claim)).toThrow("an input has 257 bytes");
  });
}

test("an index out of range cannot be packed, and no packed one is out of range", () => {
  for (const index of [2 ** shape.indexBits, -1, 2 ** 32]) {
    expect(() => packIndices(indices!.with(3, index), shape)).toThrow(`number 3, ${index}, has 9 bits`);
  }
});

test("no solver is made for parameters without one", () => {
  expect(wasmEquihash.smallSolver({ n: 144, k: 5 })).toBeUndefined();
  expect(plainSolver({ n: 125, k: 4 })).toBeUndefined();
  expect(() => new NodeSolver(params, 1)).toThrow("there is a solver for (48, 5)");
  expect(() => new NodeSolver({ n: 144, k: 5 }, 9)).toThrow("thread 0 of 9");
  expect(() => new NodeSolver({ n: 144, k: 5 }, 0)).toThrow("thread 0 of 0");
});

test("a header cut anywhere is refused with the place, and so is one with bytes behind it", () => {
  const writer = new Writer();
  writer.bytes(
    Uint8Array.of(4, ...input.subarray(1))
      .with(1, 0)
      .with(2, 0)
      .with(3, 0),
  );
  writer.varBytes(solution);
  const bytes = writer.copy();
  expect(parseWhole(bytes, readHeader)).toMatchObject({ kind: "pow", solution });
  for (let length = 0; length < bytes.length; length++) {
    const cut = parseWhole(bytes.subarray(0, length), readHeader);
    expect(cut, `${length} bytes`).toBeInstanceOf(ParseError);
    expect((cut as ParseError).offset).toBeLessThanOrEqual(length);
  }
  expect(parseWhole(Uint8Array.of(...bytes, 0), readHeader)).toBeInstanceOf(ParseError);
});

/** The engine's own, of which Node's types say nothing. */
const engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;

interface Engine {
  readonly Memory: new (limits: { readonly shared?: boolean }) => object;
}

/** The engine's WebAssembly with some members replaced, until the test ends. */
function engineWith(replaced: object | undefined): void {
  vi.stubGlobal("WebAssembly", replaced && { ...members(), ...replaced });
  onTestFinished(() => void vi.unstubAllGlobals());
}

const members = (): object =>
  Object.fromEntries(Object.getOwnPropertyNames(engine).map((name) => [name, Reflect.get(engine, name)]));

test("a host without WebAssembly is told, and verifies in TypeScript", () => {
  const modules = [readModule("equihash"), readModule("equihashSolver")] as const;
  engineWith(undefined);
  expect(loadEquihash(modules[0])).toBe("webAssembly");
  expect(newSolverMemory(false)).toBe("webAssembly");
  const memory = { buffer: new ArrayBuffer(0), grow: () => -1 };
  expect(loadSolver(modules[1], memory, { n: 96, k: 5 })).toBe("webAssembly");
  expect(plainEquihash.check({ params, input, solution })).toBeUndefined();
  expect(solutionSet(plainSolver(params)!.solve(input)!)).toContain(indices!.join());
  expect(() => new NodeSolver({ n: 96, k: 5 }, 1)).toThrow("This engine lacks webAssembly");
});

test("a host without SIMD is told", () => {
  engineWith({ validate: () => false });
  expect(loadEquihash(readModule("equihash"))).toBe("simd");
  expect(() => new NodeSolver({ n: 96, k: 5 }, 1)).toThrow("This engine lacks simd");
});

test("a host without shared memory is told, and has one thread", () => {
  const { Memory } = engine;
  const unshared = class extends Memory {
    constructor(limits: { readonly shared?: boolean }) {
      if (limits.shared === true) throw new TypeError("shared memory is not enabled");
      super(limits);
    }
  };
  engineWith({ Memory: unshared });
  expect(newSolverMemory(true)).toBe("sharedMemory");
  expect(newSolverMemory(false)).toBeInstanceOf(Memory);
});
