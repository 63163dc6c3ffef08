import {
  addBlockProof,
  blockProof,
  digishieldNextBits,
  equivalentSeconds,
  lwma3NextBits,
  lwmaNextBits,
  mainnet,
  medianTimePast,
  nextBits,
  type Params,
  ponNextBits,
  powNextBits,
  regtest,
  testnet,
  u256,
  u256FromHex,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Header,
  modelBlockProof,
  modelDigishield,
  modelLwma,
  modelLwma3,
  modelMedianTime,
  modelPonNextBits,
  modelPowNextBits,
  toBigint,
} from "../../support/bigintDifficulty.ts";
import { historyOf } from "../../support/headers.ts";
import { labnet, withUpgrades } from "../../support/networks.ts";

// The retargets against formulas over bigint. Heights start at 0, so eras are moved down to where the headers are.

const BLOCKS = 70;

const network: fc.Arbitrary<Params> = fc.constantFrom(mainnet, testnet, regtest, labnet());

/** Targets as chains have them, and what no chain has: signs, overflows, zero, targets that wrap when multiplied. */
const anyBits = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0x1d00_8000, max: 0x1f07_ffff }) },
  { weight: 2, arbitrary: fc.integer({ min: 0x1f00_0000, max: 0x2100_ffff }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff_ffff }) },
);

/** Seconds after the parent; some far ahead, some back. */
const anyStep = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 300 }) },
  { weight: 1, arbitrary: fc.integer({ min: -2_000, max: 10_000 }) },
);

const chainOf = (length: number): fc.Arbitrary<Header[]> =>
  fc.array(fc.tuple(anyStep, anyBits), { minLength: length, maxLength: length }).map((rows) => {
    let time = 1_600_000_000;
    return rows.map(([step, bits]) => {
      time += step;
      return { time, bits };
    });
  });

const chain = fc.integer({ min: 1, max: BLOCKS + 15 }).chain(chainOf);
const longChain = chainOf(BLOCKS);

const height = fc.integer({ min: -1, max: 90 });
const eras = fc.record({ lwma: height, equihash144: height, acadia: height, kamiooka: height, pon: height });

test("the median is that of a sorted copy", () => {
  fc.assert(
    fc.property(chain, fc.nat(), (headers, at) => {
      const height = at % headers.length;
      expect(medianTimePast(historyOf(headers), height)).toBe(modelMedianTime(headers, height));
    }),
  );
});

test("Digishield is the formula", () => {
  const time = fc.integer({ min: 1_600_000_000, max: 1_600_010_000 });
  const target = fc.bigInt(0n, 2n ** 256n - 1n);
  fc.assert(
    fc.property(network, target, fc.nat(255), time, time, (params, digits, shift, last, first) => {
      const average = digits >> BigInt(shift);
      const limbs = u256FromHex(average.toString(16).padStart(64, "0"));
      expect(digishieldNextBits(limbs, last, first, params)).toBe(
        modelDigishield(average, last, first, params),
      );
    }),
    { numRuns: 1_000 },
  );
});

test("LWMA and LWMA3 are the formulas", () => {
  fc.assert(
    fc.property(network, longChain, (params, headers) => {
      const history = historyOf(headers);
      expect(lwmaNextBits(history, params)).toBe(modelLwma(headers, BLOCKS - 1, params));
      expect(lwma3NextBits(history, params)).toBe(modelLwma3(headers, BLOCKS - 1, params));
    }),
    { numRuns: 300 },
  );
});

test("the proof-of-work retarget is the formula's in every era, on every network, at any time", () => {
  const time = fc.option(fc.integer({ min: 1_600_000_000, max: 1_600_030_000 }), { nil: undefined });
  fc.assert(
    fc.property(network, eras, chain, time, (params, heights, headers, newTime) => {
      const rules = withUpgrades(params, heights);
      const tip = headers.length - 1;
      expect(powNextBits(historyOf(headers), newTime, rules)).toBe(
        modelPowNextBits(headers, tip, newTime, rules),
      );
    }),
    { numRuns: 500 },
  );
});

test("the proof-of-node retarget is the formula's before, in and after its first window", () => {
  fc.assert(
    fc.property(network, height, chain, (params, pon, headers) => {
      const rules = withUpgrades(params, { pon });
      const expected = modelPonNextBits(headers, headers.length - 1, rules);
      expect(ponNextBits(historyOf(headers), rules)).toBe(expected);
      if (headers.length >= pon) expect(nextBits(historyOf(headers), undefined, rules)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test("a retarget reads its window and nothing before it", () => {
  fc.assert(
    fc.property(longChain, fc.constantFrom(0, 1, 62, 63, 64), (headers, offset) => {
      const ramp = 372_510 + offset;
      const eras = [
        { tip: 100_000, window: 18 + 10 }, // Digishield, and the median before its window
        { tip: 130_000, window: 61 },
        { tip: 300_000, window: 61 },
        { tip: ramp, window: 61 },
      ];
      for (const { tip, window } of eras) {
        const recent = historyOf(headers.slice(-window), tip - window + 1);
        expect(() => powNextBits(recent, undefined, mainnet)).not.toThrow();
      }
      const pon = historyOf(headers.slice(-30), 2_100_000 - 29);
      expect(() => ponNextBits(pon, mainnet)).not.toThrow();
    }),
    { numRuns: 50 },
  );
});

test("before any block the limit is required, and PON's own formula starts at its start limit", () => {
  const nothing = historyOf([]);
  expect(nextBits(nothing, undefined, mainnet)).toBe(0x1f07ffff);
  expect(nextBits(nothing, undefined, regtest)).toBe(0x200f0f0f);
  expect(ponNextBits(nothing, mainnet)).toBe(0x1f0bffff);
});

test("work is that of the formula, and adds up along a chain", () => {
  const block = fc.tuple(fc.constantFrom(4, 5, 99, 100, 101, -1), anyBits);
  fc.assert(
    fc.property(fc.array(block, { maxLength: 20 }), (blocks) => {
      const work = u256();
      let expected = 0n;
      for (const [version, bits] of blocks) {
        const proof = modelBlockProof(version, bits);
        expect(toBigint(blockProof(u256(), version, bits))).toBe(proof);
        addBlockProof(work, work, version, bits);
        expected = (expected + proof) % 2n ** 256n;
      }
      expect(toBigint(work)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test("work as time at a tip's rate is that of the formula, either way round, and infinite where it does not fit", () => {
  const anyWork = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 70n }),
    fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  );
  const limbs = (value: bigint) => u256FromHex(value.toString(16).padStart(64, "0"));
  fc.assert(
    fc.property(
      anyWork,
      anyWork,
      fc.bigInt({ min: 0n, max: 2n ** 50n }),
      fc.constantFrom(60, 120),
      (to, from, proof, spacing) => {
        const [high, low] = to > from ? [to, from] : [from, to];
        const product = ((high - low) * BigInt(spacing)) % 2n ** 256n;
        const seconds = proof === 0n ? 2n ** 64n : product / proof;
        const size = high === low ? 0 : seconds < 2n ** 53n ? Number(seconds) : Number.POSITIVE_INFINITY;
        const found = equivalentSeconds(limbs(to), limbs(from), limbs(proof), spacing);
        expect(found + 0).toBe((to > from ? size : -size) + 0);
      },
    ),
    { numRuns: 500 },
  );
});
