import {
  checkEquihashSolution,
  checkSolutionSize,
  equihashInput,
  equihashParamsAt,
  equihashShape,
  mainnet,
  type Params,
  type PowHeader,
  packIndices,
  plainEquihash,
  plainSolver,
  regtest,
  testnet,
} from "@fluxlab/core";
import { describe, expect, test } from "vitest";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const sizesAt = (height: number, params: Params): number[] =>
  equihashParamsAt(height, params).map((each) => equihashShape(each)!.solutionBytes);

const headerWith = (solution: Uint8Array): PowHeader => ({
  kind: "pow",
  version: 4,
  previousHash: new Uint8Array(32),
  merkleRoot: new Uint8Array(32),
  saplingRoot: new Uint8Array(32),
  time: 1_700_000_000,
  bits: 0x200f0f0f,
  nonce: new Uint8Array(32),
  solution,
});

describe("solution lengths by height", () => {
  test.each([
    [0, [1344]],
    [125_099, [1344]],
    [125_100, [100, 1344]],
    [125_110, [100, 1344]],
    [125_111, [100]],
    [372_499, [100]],
    [372_500, [52, 100]],
    [372_510, [52, 100]],
    [372_511, [52]],
    [2_019_999, [52]],
  ])("main at %i: %j", (height, sizes) => {
    expect(sizesAt(height, mainnet)).toEqual(sizes);
    for (const bytes of [36, 52, 68, 100, 1344]) {
      const broken = checkSolutionSize(headerWith(new Uint8Array(bytes)), height, mainnet);
      expect(broken?.rule, `${bytes} bytes`).toBe(
        sizes.includes(bytes) ? undefined : "bad-equihash-solution-size",
      );
    }
  });

  test("regtest keeps (48, 5): its upgrades are disabled", () => {
    for (const height of [0, 200, 1_000_000]) expect(sizesAt(height, regtest)).toEqual([36]);
  });

  test("the test network takes any length up to height 320", () => {
    const odd = headerWith(new Uint8Array(7));
    expect(checkSolutionSize(odd, 320, testnet)).toBeUndefined();
    expect(checkSolutionSize(odd, 321, testnet)?.rule).toBe("bad-equihash-solution-size");
  });

  test("no solution has the right length everywhere and solves nothing", () => {
    const template = headerWith(new Uint8Array(0));
    expect(checkSolutionSize(template, 372_511, mainnet)).toBeUndefined();
    expect(checkEquihashSolution(template, plainEquihash)).toEqual({
      rule: "invalid-solution",
      facts: { bytes: 0, fault: "length" },
    });
  });
});

vectorTest("difficulty.json equihashParams: the sets of every height", () => {
  interface Row {
    readonly network: "main" | "test" | "regtest";
    readonly height: number;
    readonly accepted: readonly (readonly [n: number, k: number, bytes: number])[];
  }
  const networks = { main: mainnet, test: testnet, regtest };
  const { equihashParams } = readJson<{ equihashParams: Row[] }>("difficulty.json");
  expect(equihashParams).toHaveLength(11);
  for (const { network, height, accepted } of equihashParams) {
    const found = equihashParamsAt(height, networks[network]).map(equihashShape);
    expect(found.map((shape) => [shape!.n, shape!.k, shape!.solutionBytes])).toEqual(accepted);
  }
});

test("a header mined with the first set of its height passes both rules", () => {
  const shape = equihashShape(equihashParamsAt(1, regtest)[0])!;
  const solver = plainSolver(shape)!;
  for (let nonce = 0; ; nonce++) {
    const template = { ...headerWith(new Uint8Array(0)), nonce: new Uint8Array(32).fill(nonce) };
    const [indices] = solver.solve(equihashInput(template))!;
    if (indices === undefined) continue;
    const mined = { ...template, solution: packIndices(indices, shape) };
    expect(checkSolutionSize(mined, 1, regtest)).toBeUndefined();
    expect(checkEquihashSolution(mined, plainEquihash)).toBeUndefined();
    return;
  }
});
