import { blockSubsidy, mainnet, maxIssued, perTier, specialFundingAt } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Economy } from "../../../sim/src/world/economy.ts";
import type { EconomyPlan } from "../../../sim/src/world/economyPlan.ts";

const deserted = (firstHeight: number, lastHeight: number, supplyCap: bigint): EconomyPlan => ({
  params: mainnet,
  seed: "1",
  firstHeight,
  lastHeight,
  population: perTier(() => ({ atStart: 0, atEnd: 0 })),
  joinOverSeconds: undefined,
  operators: {
    lifetimeSeconds: Number.POSITIVE_INFINITY,
    outageEverySeconds: Number.POSITIVE_INFINITY,
    outageSeconds: 1,
    missedStart: { numerator: 0, denominator: 1 },
  },
  shocks: [],
  supplyCap,
});

const interestingHeight = fc.constantFrom(
  0,
  2_490,
  4_990,
  657_840,
  836_260,
  836_990,
  837_700,
  1_313_190,
  2_019_990,
);

test("supply is counted, and the block that passes the cap found, as block by block addition does", () => {
  fc.assert(
    fc.property(
      interestingHeight,
      fc.nat(60),
      fc.nat(1_000),
      fc.nat(20),
      (first, length, permille, slices) => {
        const last = first + length;
        const before = maxIssued(mainnet, first - 1);
        const minted = maxIssued(mainnet, last) - before;
        const cap = before + (minted * BigInt(permille)) / 1_000n;
        const economy = new Economy(deserted(first, last, cap));
        for (let at = first; at < last; at += slices + 1) economy.advance(at);
        economy.advance(last);
        let supply = before;
        let passed: { height: number; before: bigint; after: bigint } | undefined;
        for (let height = first; height <= last; height++) {
          let after = supply + blockSubsidy(mainnet, height);
          for (const { amount } of specialFundingAt(mainnet, height)) after += amount;
          if (supply <= cap && after > cap) passed = { height, before: supply, after };
          supply = after;
        }
        expect(economy.chain.supply).toBe(supply);
        expect(economy.ledger.minted).toBe(minted);
        expect(economy.ledger.capPassed).toEqual(passed);
        const { toProducers, toDevFund, toFunds } = economy.ledger;
        expect(toProducers + toDevFund + toFunds).toBe(minted); // nobody else is there to be paid
      },
    ),
    { numRuns: 400 },
  );
});
