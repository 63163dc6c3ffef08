import {
  blockSubsidy,
  COIN,
  heightPassing,
  MAX_MONEY,
  mainnet,
  maxIssued,
  specialFundingAt,
  subsidyRunEnd,
  TIERS,
  tierShare,
} from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readVectorLines, readVectors } from "../../support/committedVectors.ts";
import { labnet, NETWORKS, withUpgrades } from "../../support/networks.ts";

interface SubsidyCase {
  readonly height: number;
  readonly subsidy: number;
  readonly cumulus: number;
  readonly nimbus: number;
  readonly stratus: number;
  readonly remainder: number;
  readonly exchangeFund?: number;
  readonly foundationFund?: number;
  readonly swapPoolFund?: number;
}

const vectors = readVectors<
  Record<"main" | "test" | "regtest", SubsidyCase[]> & {
    mainCumulativeMaximum: { height: number; maxIssued: string }[];
  }
>("subsidy.json");

describe.each(["main", "test", "regtest"] as const)("recorded subsidies of %s", (network) => {
  const params = NETWORKS[network]!;
  test.each(vectors[network])("height $height", (expected) => {
    const { height } = expected;
    expect(blockSubsidy(params, height)).toBe(BigInt(expected.subsidy));
    const shares = TIERS.map((tier) => tierShare(params, height, tier));
    expect(shares).toEqual(TIERS.map((tier) => BigInt(expected[tier])));
    const remainder = shares.reduce<bigint>((left, share) => left - share, blockSubsidy(params, height));
    expect(remainder).toBe(BigInt(expected.remainder));
    const funds = Object.fromEntries(
      specialFundingAt(params, height).map(({ fund, amount }) => [`${fund}Fund`, Number(amount)]),
    );
    const { exchangeFund, foundationFund, swapPoolFund } = expected;
    expect(funds).toEqual(
      JSON.parse(JSON.stringify({ exchangeFund, foundationFund, swapPoolFund })), // drops what is not there
    );
  });
});

describe("cumulative issuance on main", () => {
  test.each(vectors.mainCumulativeMaximum)("up to height $height", ({ height, maxIssued: expected }) => {
    expect(maxIssued(mainnet, height)).toBe(BigInt(expected));
  });

  test("416,978,749.97 FLUX by the last proof-of-work block", () => {
    expect(maxIssued(mainnet, 2_019_999)).toBe(416_978_749_97n * (COIN / 100n));
  });

  test("passes 440 million in block 3,730,283", () => {
    expect(heightPassing(mainnet, MAX_MONEY)).toBe(3_730_283);
    expect(maxIssued(mainnet, 3_730_282)).toBeLessThanOrEqual(MAX_MONEY);
    expect(maxIssued(mainnet, 3_730_283)).toBeGreaterThan(MAX_MONEY);
  });

  test("a network without proof of node ends at a finite supply that a large cap is never passed by", () => {
    const endless = withUpgrades(mainnet, { pon: 0x8000_0000 });
    const last = maxIssued(endless, 50_000_000);
    expect(maxIssued(endless, 60_000_000)).toBe(last); // no subsidy after 64 halvings
    expect(heightPassing(endless, last)).toBeUndefined();
    expect(heightPassing(endless, last - 1n)).toBeLessThan(50_000_000);
  });
});

/** Networks whose eras are a few blocks long, so that every boundary is met. */
const tinyNetwork = fc
  .record({
    slowStartInterval: fc.integer({ min: 0, max: 20 }),
    halvingInterval: fc.integer({ min: 1, max: 12 }),
    pon: fc.integer({ min: -1, max: 1_000 }),
    reductionInterval: fc.integer({ min: 1, max: 20 }),
    maxReductions: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ slowStartInterval, halvingInterval, pon, reductionInterval, maxReductions }) => ({
    ...withUpgrades(mainnet, { pon }),
    subsidy: { slowStartInterval, halvingInterval },
    pon: { ...mainnet.pon, reductionInterval, maxReductions },
  }));

test("a run of equal subsidies ends just where the subsidy changes, and issuance adds up", () => {
  fc.assert(
    fc.property(tinyNetwork, (params) => {
      let issued = 0n;
      let end = -1;
      for (let height = 0; height < 1_100; height++) {
        if (height > end) {
          const before = height > 0 ? blockSubsidy(params, height - 1) : undefined;
          // Single-height runs of the start may carry equal amounts; later runs begin with a change.
          if (height > 20) expect(blockSubsidy(params, height)).not.toBe(before);
          end = subsidyRunEnd(params, height);
          expect(end).toBeGreaterThanOrEqual(height);
        } else {
          expect(blockSubsidy(params, height)).toBe(blockSubsidy(params, height - 1));
        }
        issued += blockSubsidy(params, height);
        for (const { amount } of specialFundingAt(params, height)) issued += amount;
        if (height % 97 === 0) expect(maxIssued(params, height)).toBe(issued);
      }
    }),
    { numRuns: 60 },
  );
});

test("every block of the recorded laboratory chain was given this subsidy by fluxd", () => {
  const params = labnet();
  const blocks = readVectorLines<{ height: number; subsidy: string }>("labnet/coinbases.jsonl");
  expect(blocks.length).toBeGreaterThan(2_000);
  for (const { height, subsidy } of blocks) {
    expect(blockSubsidy(params, height), `height ${height}`).toBe(BigInt(subsidy));
  }
});
