import {
  type AssetChain,
  brokenInvariants,
  chainTerms,
  DEFAULT_ASSETS,
  flux,
  totalCirculating,
  totalInFlight,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RunDigest } from "../../../sim/src/kernel/digest.ts";
import type { FusionFlow, FusionPlan } from "../../../sim/src/world/fusionPlan.ts";
import { FusionPool, SWAP } from "../../../sim/src/world/fusionPool.ts";
import { heldOn } from "../../../sim/src/world/heldLedger.ts";
import { naiveFusion } from "../../support/naiveFusion.ts";

// Whole milliseconds stand for seconds here, so that the twin can look at every one of them: a day has 86,400,000.
const PER_MS = 86_400_000;
const LENGTH = 300;

const chainAt = (id: number): fc.Arbitrary<AssetChain> =>
  fc.record({
    id: fc.constant(id),
    symbol: fc.constant(`C${id}`),
    name: fc.constant(`Chain ${id}`),
    blockIntervalMs: fc.integer({ min: 1, max: 12 }),
    confirmations: fc.integer({ min: 1, max: 6 }),
    cancelAfterBlocks: fc.integer({ min: 1, max: 20 }),
  });

const direction = fc.constantFrom([0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]);

const flow: fc.Arbitrary<FusionFlow> = fc
  .record({
    direction,
    gap: fc.integer({ min: 3, max: 40 }),
    mean: fc.bigInt({ min: 10_000n, max: 1_500_000n }),
    sizes: fc.constantFrom("equal", "uniform", "heavy"),
    surge: fc.option(
      fc.record({
        fromMs: fc.integer({ min: 0, max: LENGTH }),
        lengthMs: fc.integer({ min: 1, max: 60 }),
        times: fc.integer({ min: 1, max: 6 }),
      }),
      { nil: undefined },
    ),
  })
  .map(({ direction: [source, target], gap, mean, sizes, surge }) => ({
    source: source!,
    target: target!,
    swapsPerDay: Math.floor(PER_MS / gap),
    meanAmount: flux(mean),
    sizes,
    surge,
  }));

const plans: fc.Arbitrary<FusionPlan> = fc
  .record({
    chains: fc.tuple(chainAt(0), chainAt(1), chainAt(2)),
    seed: fc.nat().map(String),
    flows: fc.array(flow, { minLength: 1, maxLength: 4 }),
    floats: fc.array(fc.bigInt({ min: 0n, max: 8_000_000n }), { minLength: 3, maxLength: 3 }),
    refillBelow: fc.constantFrom(
      { numerator: 0, denominator: 1 },
      { numerator: 1, denominator: 4 },
      { numerator: 1, denominator: 1 },
    ),
    refillMs: fc.integer({ min: 0, max: 80 }),
  })
  .map(({ chains, floats, ...plan }) => ({
    ...plan,
    assets: { ...DEFAULT_ASSETS, chains },
    floats: floats.map(flux),
    lengthMs: LENGTH,
  }));

const STATE_NAMES = Object.keys(SWAP);

test("only blocks that hold something are played, and it comes out as if every block of every chain were", () => {
  const seen = new Set<string>();
  const check = fc.property(plans, (plan) => {
    const pool = new FusionPool(plan, new RunDigest());
    pool.advanceTo(plan.lengthMs);
    const naive = naiveFusion(plan);
    const played = Array.from(pool.state, (state, i) => [
      STATE_NAMES[state],
      pool.arrivedMs[i],
      pool.doneMs[i],
    ]);
    expect(played).toEqual(naive.swaps.map(({ state, arrivedMs, doneMs }) => [state, arrivedMs, doneMs]));
    for (const [i, chain] of naive.chains.entries()) {
      const { atHand, lowest, firstDryMs, drySinceMs, dryMs, orderedMs, refills, float } = pool.chains[i]!;
      const dryNow = drySinceMs === undefined ? 0 : plan.lengthMs - drySinceMs;
      expect([atHand, lowest, firstDryMs, dryMs + dryNow, orderedMs]).toEqual([
        ...[chain.atHand, chain.lowest, chain.firstDryMs, chain.dryMs, chain.orderedMs],
      ]);
      expect(refills.map((each) => [each.orderedMs, each.deliveredMs, each.amount])).toEqual(chain.refills);
      expect(chainTerms(pool.ledger, i).circulating).toBe(chain.circulating);
      expect(pool.payable(i)).toBe(chain.pool);
      if (refills.some(({ amount }) => amount > 0n && amount < float)) seen.add("refill");
      if (dryMs + dryNow > 0) seen.add("dry");
    }
    for (const { state } of naive.swaps) seen.add(state);
  });
  fc.assert(check, { numRuns: 150 });
  // Every state but "asked": with a block interval of at most 12 few swaps are left in it.
  for (const what of ["locked", "waiting", "paid", "cancelled", "refused", "dry", "refill"])
    expect(seen).toContain(what);
});

test("coins are conserved, what is at hand is there, and no invariant breaks, wherever one looks", () => {
  const check = fc.property(plans, fc.integer({ min: 7, max: 60 }), (plan, step) => {
    const pool = new FusionPool(plan, new RunDigest());
    const before = totalCirculating(pool.ledger);
    for (let ms = step; ms <= plan.lengthMs; ms += step) {
      pool.advanceTo(ms);
      expect(brokenInvariants(pool.ledger)).toEqual([]);
      expect(totalCirculating(pool.ledger) + totalInFlight(pool.ledger)).toBe(before);
      for (const { chain, atHand, waiting, waitingAmount } of pool.chains) {
        expect(atHand <= pool.payable(chain.id)).toBe(true);
        const swaps = Array.from(pool.state.keys()).filter(
          (swap) => pool.state[swap] === SWAP.waiting && pool.flowOf(swap).target === chain.id,
        );
        expect(waiting).toBe(swaps.length);
        expect(waitingAmount).toBe(swaps.reduce((sum, swap) => sum + pool.swaps.amount[swap]!, 0n));
      }
      expect(pool.flowSums).toEqual(plan.flows.map((_, flow) => flowSums(pool, flow)));
      const open = pool.flowSums.reduce((sum, of) => sum + of.locked - of.unlocked - of.returned, 0n);
      expect(totalInFlight(pool.ledger)).toBe(open);
    }
    expect([...pool.broken]).toEqual([]);
    expect(pool.mostCirculating).toBe(before);
  });
  fc.assert(check, { numRuns: 40 });
});

/** The sums of a flow, counted from its swaps. */
function flowSums(pool: FusionPool, flow: number) {
  const sum = (...states: readonly number[]) =>
    Array.from(pool.state.keys())
      .filter((swap) => pool.swaps.flow[swap] === flow && states.includes(pool.state[swap]!))
      .reduce((total, swap) => total + pool.swaps.amount[swap]!, 0n);
  return {
    locked: sum(SWAP.locked, SWAP.waiting, SWAP.paid, SWAP.cancelled),
    unlocked: sum(SWAP.paid),
    returned: sum(SWAP.cancelled),
  };
}

test("where a play is looked at changes nothing of it", () => {
  const check = fc.property(plans, fc.array(fc.nat(LENGTH), { maxLength: 10 }), (plan, looks) => {
    const [once, often] = [new RunDigest(), new RunDigest()];
    new FusionPool(plan, once).advanceTo(plan.lengthMs);
    const pool = new FusionPool(plan, often);
    for (const ms of [...looks.toSorted((a, b) => a - b), plan.lengthMs]) pool.advanceTo(ms);
    expect(often.hex()).toBe(once.hex());
  });
  fc.assert(check, { numRuns: 30 });
});

/** One native swap a moment that all want ETH: nothing is left to chance but the moments. */
test("without a refill a float pays what it holds, and everybody else gets the coins back", () => {
  const chains = DEFAULT_ASSETS.chains.map((chain) => ({
    ...chain,
    blockIntervalMs: 1_000,
    confirmations: 2,
    cancelAfterBlocks: 10,
  }));
  const plan: FusionPlan = {
    assets: { ...DEFAULT_ASSETS, chains },
    seed: "1",
    lengthMs: 100_000,
    flows: [
      { source: 0, target: 2, swapsPerDay: 86_400, meanAmount: flux(10n), sizes: "equal", surge: undefined },
    ],
    floats: chains.map(() => flux(250n)),
    refillBelow: { numerator: 1, denominator: 4 },
    refillMs: 1_000_000,
  };
  const pool = new FusionPool(plan, new RunDigest());
  pool.advanceTo(plan.lengthMs);
  const count = (state: number) => pool.state.filter((each) => each === state).length;
  expect(count(SWAP.paid)).toBe(25);
  expect(count(SWAP.cancelled)).toBeGreaterThan(20);
  expect(pool.chains[2]!.atHand).toBe(0n);
  expect(chainTerms(pool.ledger, 2).circulating).toBe(heldOn(2) + flux(250n));
  const open = BigInt(count(SWAP.locked) + count(SWAP.waiting));
  expect(chainTerms(pool.ledger, 0).circulating).toBe(heldOn(0) - flux(250n) - flux(10n) * open);
});
