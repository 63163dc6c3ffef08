import { MAX_MONEY, type Params, regtest, TIERS } from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Economy } from "../../../sim/src/world/economy.ts";
import type { EconomyPlan } from "../../../sim/src/world/economyPlan.ts";
import { EVENT } from "../../../sim/src/world/operators.ts";
import { chainDecisions, NaiveEconomy, Trace } from "../../support/naiveEconomy.ts";
import { withUpgrades } from "../../support/networks.ts";

/** All eras within two thousand blocks, with collateral transitions of different lengths. */
const everyEra: Params = {
  ...withUpgrades(regtest, { kamata: 100, flux: 300, halving: 500, p2shNodes: 700, pon: 1_200 }),
  fluxnodes: {
    ...regtest.fluxnodes,
    paymentStartHeight: 130,
    transitions: {
      cumulus: { begin: 500, end: 620 },
      nimbus: { begin: 540, end: 900 },
      stratus: { begin: 600, end: 890 },
    },
  },
};

const population = fc.record({ atStart: fc.nat(7), atEnd: fc.nat(9) });

const shock = fc.record({
  kind: fc.constantFrom("exit" as const, "benchmarkFailure" as const, "price" as const),
  after: fc.nat(1_700),
  tiers: fc.subarray([0, 1, 2]),
  share: fc.constantFrom({ numerator: 1, denominator: 2 }, { numerator: 1, denominator: 1 }),
  blocks: fc.constantFrom(1, 100, 400),
  paying: fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)),
});

const plan: fc.Arbitrary<EconomyPlan> = fc
  .record({
    seed: fc.nat(1_000_000).map(String),
    firstHeight: fc.constantFrom(102, 250, 480, 560, 880, 1_100, 1_199, 1_300),
    cumulus: population,
    nimbus: population,
    stratus: population,
    joinOverSeconds: fc.constantFrom(undefined, 1, 20_000),
    lifetimeSeconds: fc.constantFrom(Number.POSITIVE_INFINITY, 100_000, 30_000),
    outageEverySeconds: fc.constantFrom(Number.POSITIVE_INFINITY, 50_000, 10_000),
    outageSeconds: fc.constantFrom(600, 10_000, 40_000),
    missedStart: fc.constantFrom({ numerator: 0, denominator: 1 }, { numerator: 1, denominator: 3 }),
    shocks: fc.array(shock, { maxLength: 3 }),
  })
  .map((drawn) => ({
    params: everyEra,
    seed: drawn.seed,
    firstHeight: drawn.firstHeight,
    lastHeight: drawn.firstHeight + 1_700,
    population: { cumulus: drawn.cumulus, nimbus: drawn.nimbus, stratus: drawn.stratus },
    joinOverSeconds: drawn.joinOverSeconds,
    operators: {
      lifetimeSeconds: drawn.lifetimeSeconds,
      outageEverySeconds: drawn.outageEverySeconds,
      outageSeconds: drawn.outageSeconds,
      missedStart: drawn.missedStart,
    },
    shocks: drawn.shocks.map(({ after, ...shock }) => ({ ...shock, height: drawn.firstHeight + after })),
    supplyCap: MAX_MONEY,
  }));

/** Plays a plan both ways, compares everything, and says how much there was to compare. */
function compareWithNaive(drawn: EconomyPlan): { decided: readonly string[]; updates: number } {
  const trace = new Trace();
  const economy = new Economy(drawn, trace);
  const naive = new NaiveEconomy(economy);
  for (let height = drawn.firstHeight; height <= drawn.lastHeight; height++) {
    const before = trace.events.length;
    economy.advance(height);
    naive.play(height, trace.events.slice(before), economy);
    const payees = trace.payees.get(height)!.map((row) => row | 0);
    expect(naive.payees.get(height), `payees of ${height}`).toEqual(payees);
  }
  const { nodes } = economy.operators;
  expect(naive.decided.toSorted()).toEqual(chainDecisions(trace).toSorted());
  expect(nodes.updates()).toBe(naive.updates);
  for (const [row, { earned }] of naive.nodes) expect(nodes.rows.earned[row]).toBe(earned);
  TIERS.forEach((_, tier) => {
    const inTier = [...naive.nodes.values()].filter((node) => node.tier === tier);
    expect(economy.chain.nodes.queueLength(tier)).toBe(
      inTier.filter(({ status }) => status === "confirmed").length,
    );
  });
  return { decided: naive.decided, updates: naive.updates };
}

test("the event-driven economy does what the block-by-block one does", () => {
  let decisions = 0;
  let updates = 0;
  const holds = fc.property(plan, (drawn) => {
    const compared = compareWithNaive(drawn);
    decisions += compared.decided.length;
    updates += compared.updates;
  });
  fc.assert(holds, { numRuns: 60 });
  expect(decisions).toBeGreaterThan(100); // the comparison was about something
  expect(updates).toBeGreaterThan(1_000);
});

test("kept: a collateral spent in the block that would have expired its node", () => {
  compareWithNaive({
    params: everyEra,
    seed: "696311",
    firstHeight: 480,
    lastHeight: 2_180,
    population: {
      cumulus: { atStart: 4, atEnd: 0 },
      nimbus: { atStart: 1, atEnd: 0 },
      stratus: { atStart: 0, atEnd: 0 },
    },
    joinOverSeconds: 1,
    operators: {
      lifetimeSeconds: 100_000,
      outageEverySeconds: 10_000,
      outageSeconds: 10_000,
      missedStart: { numerator: 0, denominator: 1 },
    },
    shocks: [],
    supplyCap: MAX_MONEY,
  });
});

test("an operator who has not changed the collateral when its tier's window ends is expired by that block", () => {
  const deserted = { atStart: 0, atEnd: 0 };
  const { end } = everyEra.fluxnodes.transitions.cumulus;
  const { decided } = compareWithNaive({
    params: everyEra,
    seed: "5",
    firstHeight: end - 1, // too late for anyone who has not begun
    lastHeight: end + 150,
    population: { cumulus: { atStart: 400, atEnd: 400 }, nimbus: deserted, stratus: deserted },
    joinOverSeconds: undefined,
    operators: {
      lifetimeSeconds: Number.POSITIVE_INFINITY,
      outageEverySeconds: 50_000,
      outageSeconds: 10_000,
      missedStart: { numerator: 0, denominator: 1 },
    },
    shocks: [],
    supplyCap: MAX_MONEY,
  });
  expect(decided.some((decision) => decision.startsWith(`${end} ${EVENT.transition} `))).toBe(true);
});
