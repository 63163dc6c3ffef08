import {
  blockHash,
  checkHeader,
  checkHeaderAfter,
  type EquihashParams,
  equihashInput,
  equihashParamsAt,
  equihashShape,
  nextBits,
  type Params,
  type PowHeader,
  packIndices,
  plainEquihash,
  rejectReason,
} from "@fluxlab/core";
import { NodeSolver, nodeEquihash } from "@fluxlab/core/host";
import { expect, test } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { historyOf } from "../../support/headers.ts";
import { labnet, withUpgrades } from "../../support/networks.ts";

// Blocks mined by our solver, for every change of parameters that a chain goes through, under our own header rules.

const verifier = { equihash: plainEquihash, ecdsa: fastEcdsa };

type Solve = (input: Uint8Array) => Promise<readonly (readonly number[])[]>;

/** Tries nonces until a solution's hash meets the target that the rules ask for after `parents`. */
async function mine(height: number, params: Params, solve: Solve): Promise<PowHeader> {
  const parents = parentsOf(height, params);
  const shape = equihashShape(equihashParamsAt(height, params)[0])!;
  const time = parents.time(parents.height) + 120;
  for (let attempt = 0; attempt < 4_096; attempt++) {
    const nonce = new Uint8Array(32);
    new DataView(nonce.buffer).setUint32(0, attempt);
    const unsolved: PowHeader = {
      kind: "pow",
      version: 4,
      previousHash: new Uint8Array(32).fill(1) as PowHeader["previousHash"],
      merkleRoot: new Uint8Array(32).fill(2) as PowHeader["merkleRoot"],
      saplingRoot: new Uint8Array(32).fill(3) as PowHeader["saplingRoot"],
      time,
      bits: nextBits(parents, time, params),
      nonce,
      solution: new Uint8Array(0),
    };
    for (const indices of await solve(equihashInput(unsolved))) {
      const header = { ...unsolved, solution: packIndices(indices, shape) };
      if (checkHeader(header, blockHash(header), verifier, params) === undefined) return header;
    }
  }
  throw new Error("no nonce meets the target");
}

/** A chain at the easiest target, a block every spacing. */
const parentsOf = (height: number, { pow, genesis }: Params) =>
  historyOf(
    Array.from({ length: height }, (_, i) => ({
      time: genesis.time + i * pow.targetSpacing,
      bits: genesis.bits,
    })),
  );

function expectValid(header: PowHeader, height: number, params: Params): void {
  const hash = blockHash(header);
  const parents = parentsOf(height, params);
  const broken =
    checkHeader(header, hash, verifier, params) ?? checkHeaderAfter(parents, header, hash, verifier, params);
  expect(broken && rejectReason(broken)).toBeUndefined();
  const tampered = { ...header, time: header.time + 1 };
  const why = checkHeader(tampered, blockHash(tampered), verifier, params);
  expect(why && rejectReason(why)).toBe("invalid-solution");
}

const small = nodeEquihash();

test.each([
  1, 69, 71, 95, 105, 185, 235, 245, 330, 425,
])("a block of the laboratory network, (48, 5), at height %d", async (height) => {
  const params = labnet();
  const solver = small.smallSolver({ n: 48, k: 5 })!;
  expectValid(await mine(height, params, async (input) => solver.solve(input) ?? []), height, params);
});

/**
 * A network with the real parameters, and targets that any hash meets one time in two. LWMA3 cannot have such easy targets (its
 * bounds wrap modulo 2^256), so the third epoch comes before it and before its ramp.
 */
const realParameters = (): Params => {
  const lab = withUpgrades(labnet(), { kamiooka: 160 });
  const limit = `7f${"ff".repeat(31)}`;
  return {
    ...lab,
    genesis: { ...lab.genesis, bits: 0x207fffff },
    pow: {
      ...lab.pow,
      limit,
      equihash: [
        { n: 200, k: 9 },
        { n: 144, k: 5 },
        { n: 125, k: 4 },
      ],
    },
  };
};

/** Nonces take seconds each, and on a busy machine several times that. */
const MINING_MS = 300_000;

async function minesReal(height: number, expected: EquihashParams): Promise<void> {
  const params = realParameters();
  expect(equihashParamsAt(height, params)[0]).toEqual(expected);
  const solver = new NodeSolver(expected, 2);
  try {
    const header = await mine(height, params, async (input) => (await solver.solve(input)).solutions);
    expectValid(header, height, params);
  } finally {
    await solver.close();
  }
}

test("a block of the first epoch, (200, 9)", () => minesReal(80, { n: 200, k: 9 }));

test("a block of the second epoch, (144, 5)", () => minesReal(150, { n: 144, k: 5 }), MINING_MS);

const heavy = process.env["FLUX_LAB_HEAVY"] === "1";
const heavyName = "a block of the third epoch, (125, 4)";
test.skipIf(!heavy)(
  heavy ? heavyName : `SKIPPED: ${heavyName}: 3 GiB, with FLUX_LAB_HEAVY=1`,
  () => minesReal(165, { n: 125, k: 4 }),
  MINING_MS,
);
