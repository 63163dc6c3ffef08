import { DEFAULT_ASSETS, flux, NATIVE_CHAIN } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bridgeReorgTable, mostPerLock } from "../../../sim/src/world/bridgeReorg.ts";

const ETH = 2;
const BSC = 3;
const setup = {
  assets: DEFAULT_ASSETS,
  source: BSC,
  target: ETH,
  lockAmount: flux(2_000n),
  blockCost: flux(10n),
};

test("a lock is safe from reorganisations shallower than its confirmations, and only from those", () => {
  const rows = bridgeReorgTable([1, 6], [1, 5, 6, 9], setup);
  expect(
    rows.map(({ confirmations, depth, exposedBlocks, shortfall, broken, attackCost, breakEven }) => [
      ...[confirmations, depth, exposedBlocks, shortfall / flux(1n), broken],
      ...[attackCost / flux(1n), breakEven],
    ]),
  ).toEqual([
    [1, 1, 1, 2_000n, ["swapConservation"], 20n, flux(20n) + 1n],
    [1, 5, 5, 10_000n, ["swapConservation"], 60n, flux(12n) + 1n],
    [1, 6, 6, 12_000n, ["swapConservation"], 70n, flux(70n) / 6n + 1n],
    [1, 9, 9, 18_000n, ["swapConservation"], 100n, flux(100n) / 9n + 1n],
    [6, 1, 0, 0n, [], 20n, undefined],
    [6, 5, 0, 0n, [], 60n, undefined],
    [6, 6, 1, 2_000n, ["swapConservation"], 70n, flux(70n) + 1n],
    [6, 9, 4, 8_000n, ["swapConservation"], 100n, flux(25n) + 1n],
  ]);
  expect(rows.at(-1)!.exposedMs).toBe(4 * 3_000);
});

test("played out on the ledger, k blocks against N confirmations leave k - N + 1 paid locks without backing", () => {
  const depth = fc.integer({ min: 1, max: 30 });
  const pair = fc.constantFrom(
    [NATIVE_CHAIN, ETH] as const,
    [BSC, NATIVE_CHAIN] as const,
    [BSC, ETH] as const,
  );
  const amount = fc.bigInt({ min: 1n, max: flux(100_000n) });
  const check = fc.property(depth, depth, pair, amount, (n, k, [source, target], lockAmount) => {
    const [row] = bridgeReorgTable([n], [k], { ...setup, source, target, lockAmount });
    const exposed = Math.max(0, k - n + 1);
    expect(row).toMatchObject({ exposedBlocks: exposed, shortfall: lockAmount * BigInt(exposed) });
    expect(row!.broken).toEqual(exposed === 0 ? [] : ["swapConservation"]);
  });
  fc.assert(check, { numRuns: 50 });
});

test("every block may lock what mostPerLock says, and not a satoshi more", () => {
  for (const [source, target] of [
    [NATIVE_CHAIN, ETH],
    [BSC, NATIVE_CHAIN],
  ] as const) {
    const lockAmount = mostPerLock(source, 7 + 5);
    const [row] = bridgeReorgTable([7], [5], { ...setup, source, target, lockAmount });
    expect(row!.shortfall).toBe(0n);
    const more = { ...setup, source, target, lockAmount: lockAmount + 12n };
    expect(() => bridgeReorgTable([7], [5], more)).toThrow("circulatingExhausted");
  }
});
