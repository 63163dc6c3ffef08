import {
  feeAtRate,
  inputBytesMax,
  payToKeyHash,
  type Selection,
  type SelectionRequest,
  type SpendableCoin,
  selectCoins,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";

const FIXED_BYTES = 100;
const CHANGE_BYTES = 34;

const coinOf = (value: bigint, index: number): SpendableCoin => ({
  outpoint: { txid: new Uint8Array(32), index },
  output: { value, scriptPubKey: payToKeyHash(new Uint8Array(20)) },
});

const anyRequest: fc.Arbitrary<SelectionRequest> = fc
  .record({
    values: fc.array(fc.bigInt({ min: 0n, max: 3_000n }), { maxLength: 10 }),
    target: fc.bigInt({ min: 1n, max: 10_000n }),
    feeRate: fc.bigInt({ min: 0n, max: 2_000n }),
    changeMin: fc.bigInt({ min: 0n, max: 200n }),
  })
  .map(({ values, ...rest }) => ({
    ...rest,
    coins: values.map(coinOf),
    fixedBytes: FIXED_BYTES,
    changeBytes: CHANGE_BYTES,
  }));

const totalOf = (coins: readonly SpendableCoin[]): bigint =>
  coins.reduce((sum, { output }) => sum + output.value, 0n);

function feeOf(coins: readonly SpendableCoin[], { feeRate }: SelectionRequest, withChange: boolean): bigint {
  const inputs = coins.reduce((sum, coin) => sum + inputBytesMax(coin)!, 0);
  return feeAtRate(feeRate, FIXED_BYTES + 1 + inputs + (withChange ? CHANGE_BYTES : 0));
}

/** Coins that bring in more than they cost. */
const worthwhile = (request: SelectionRequest): SpendableCoin[] =>
  request.coins.filter((coin) => coin.output.value * 1000n > request.feeRate * BigInt(inputBytesMax(coin)!));

function* subsets(coins: readonly SpendableCoin[]): Generator<SpendableCoin[]> {
  for (let mask = 1; mask < 1 << coins.length; mask++) yield coins.filter((_, i) => (mask & (1 << i)) !== 0);
}

/** The least that a set without change gives away, looking at every set; undefined if change costs less than any. */
function leastExcess(request: SelectionRequest): bigint | undefined {
  let least = feeAtRate(request.feeRate, CHANGE_BYTES) + request.changeMin;
  let found: bigint | undefined;
  for (const coins of subsets(worthwhile(request))) {
    const excess = totalOf(coins) - request.target - feeOf(coins, request, false);
    if (excess >= 0n && excess < least) {
      least = excess;
      found = excess;
    }
  }
  return found;
}

function expectSound({ coins, fee, change }: Selection, request: SelectionRequest): void {
  expect(totalOf(coins)).toBe(request.target + fee + change);
  expect(new Set(coins).size).toBe(coins.length);
  expect(fee).toBeGreaterThanOrEqual(feeOf(coins, request, change > 0n));
  if (change > 0n) expect(change).toBeGreaterThanOrEqual(request.changeMin);
}

test("the chosen coins pay target, fee and change exactly, and give away as little as any set could", () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      const selection = selectCoins(request);
      const least = leastExcess(request);
      if (selection === undefined) {
        const all = worthwhile(request);
        const enough = all.length > 0 && totalOf(all) >= request.target + feeOf(all, request, false);
        expect(enough).toBe(false);
        return;
      }
      expectSound(selection, request);
      if (least !== undefined) {
        expect(selection.change).toBe(0n);
        expect(selection.fee - feeOf(selection.coins, request, false)).toBe(least);
      }
    }),
    { numRuns: 300 },
  );
});

test("the order in which coins are offered does not matter", () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      expect(selectCoins({ ...request, coins: request.coins.toReversed() })).toEqual(selectCoins(request));
    }),
  );
});

test("thousands of equal coins end the search for an exact set in time", () => {
  const coins = Array.from({ length: 5_000 }, (_, i) => coinOf(1_000_000n + BigInt(i % 7), i));
  const request = { coins, target: 123_456_789n, feeRate: 1_000n, changeMin: 54n };
  const selection = selectCoins({ ...request, fixedBytes: FIXED_BYTES, changeBytes: CHANGE_BYTES })!;
  expect(totalOf(selection.coins)).toBe(request.target + selection.fee + selection.change);
  expect(selection.coins.length).toBeLessThan(130);
});
