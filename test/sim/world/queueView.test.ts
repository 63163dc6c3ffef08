import { mainnet, perTier, TIERS } from "@fluxlab/core";
import { Run } from "@fluxlab/sim";
import { decodeScenario } from "@fluxlab/sim/scenario";
import fc from "fast-check";
import { expect, test } from "vitest";
import { assertProperty } from "../../support/property.ts";

const scenario = decodeScenario({
  name: "queues",
  title: "Small queues in motion",
  network: "main",
  from: 1_200_000,
  run: "4000 blocks",
  population: { cumulus: 30, nimbus: 12, stratus: 5 },
  operators: { lifetime: "5 days", outageEvery: "2 days", outageLength: "6 h", missedStarts: "1 in 5" },
});

test("looking at a run changes nothing of it", () => {
  const watched = new Run(scenario, mainnet, 4, { payeesOf: 100 });
  const unseen = new Run(scenario, mainnet, 4);
  while (!watched.done) {
    watched.advance(97);
    watched.queues(5);
    watched.node(3);
    watched.record();
  }
  unseen.advance(unseen.blocksTotal);
  expect(watched.record()).toEqual(unseen.record());
});

test("the front of each queue is who is paid next, and a node's history is the blocks that paid it", () => {
  assertProperty(
    fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 30 }), (before, blocks) => {
      const run = new Run(scenario, mainnet, 9, { payeesOf: 64 });
      run.advance(before);
      for (let i = 0; i < blocks; i++) {
        const { height, tiers } = run.queues(1);
        run.advance(1);
        for (const tier of TIERS) {
          const head = tiers[tier].next[0];
          if (head === undefined) continue;
          const view = run.node(head.node)!;
          expect(view.tier).toBe(tier);
          expect(view.paidAt?.at(-1)).toBe(height + 1);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("positions count the payments before a node's own", () => {
  const run = new Run(scenario, mainnet, 2);
  run.advance(500);
  const { next, length } = run.queues(1_000).tiers.cumulus;
  expect(next).toHaveLength(length);
  for (const [ahead, { node }] of next.entries()) expect(run.node(node)?.ahead).toBe(ahead);
  expect(run.node(-1)).toBeUndefined();
  expect(run.node(1_000_000)).toBeUndefined();
  expect(run.node(next[0]!.node)?.paidAt).toBeUndefined(); // this run keeps no payees
});

test("any block of the past has the queues that it came to, and its nodes' payments", () => {
  const payees = payeesOfBlocks(1_500);
  const run = new Run(scenario, mainnet, 6, { payeesOf: 4_000 });
  run.advance(1_500);
  const newest = scenario.from + 1_499;
  expect(run.queuesAfter(newest, 7)).toEqual(run.queues(7));
  assertProperty(
    fc.property(fc.integer({ min: scenario.from, max: newest - 1 }), fc.nat(46), (height, node) => {
      const { tiers, spacing } = run.queuesAfter(height, 8)!;
      expect(spacing).toBe(120);
      for (const tier of TIERS) {
        const later = payees.filter((paid) => paid.height > height && paid[tier] !== undefined);
        const expected = [...new Set(later.map((paid) => paid[tier]))].slice(0, 8);
        expect(tiers[tier].next.map(({ node: queued }) => queued).slice(0, expected.length)).toEqual(
          expected,
        );
        for (const { node: queued, lastPaidHeight } of tiers[tier].next.slice(0, expected.length)) {
          const before = payees.findLast((paid) => paid.height <= height && paid[tier] === queued);
          expect(lastPaidHeight).toBe(before?.height);
        }
      }
      const now = run.node(node)!;
      const view = run.nodeAfter(height, node)!;
      const mine = payees.filter((paid) => paid[now.tier] === node);
      expect(view.paidAt).toEqual(mine.filter((paid) => paid.height <= height).map((paid) => paid.height));
      expect(view.payments).toBe(view.paidAt!.length);
      const next = mine.find((paid) => paid.height > height);
      if (next === undefined) return;
      const before = payees.filter((paid) => paid.height > height && paid.height < next.height);
      expect(view.ahead).toBe(before.filter((paid) => paid[now.tier] !== undefined).length);
    }),
    { numRuns: 60 },
  );
});

test("the waits of a past block are those that a run which ends there records", () => {
  const run = new Run(scenario, mainnet, 6, { payeesOf: 1_000 });
  run.advance(1_200);
  assertProperty(
    fc.property(fc.integer({ min: 200, max: 1_200 }), (blocks) => {
      const ended = new Run(scenario, mainnet, 6);
      ended.advance(blocks);
      const { tiers } = ended.record();
      const waits = run.waitsAfter(scenario.from + blocks - 1);
      expect(waits).toEqual(perTier((tier) => tiers[tier].waits));
    }),
    { numRuns: 30 },
  );
  expect(run.waitsAfter(scenario.from + 198)).toBeUndefined(); // its block is forgotten
});

test("an event is the next block at which something is due, and then the end", () => {
  const halving = decodeScenario({ ...scenario, from: 1_312_000, run: "4000 blocks" });
  const run = new Run(halving, mainnet, 3);
  run.advance(run.blocksToEvent);
  const { events, lastHeight } = run.record();
  expect(events.map(({ height }) => height)).toContain(lastHeight);
  run.advance(1);
  let steps = 0;
  for (; !run.done; steps++) run.advance(run.blocksToEvent);
  expect(run.blocksToEvent).toBe(0);
  const later = run
    .record()
    .events.filter(({ height }) => height > lastHeight + 1 && height < halving.from + 3_999);
  expect(steps).toBe(new Set(later.map(({ height }) => height)).size + 1);
});

/** Whom each of the first blocks paid, asked block by block. */
function payeesOfBlocks(blocks: number) {
  const run = new Run(scenario, mainnet, 6);
  return Array.from({ length: blocks }, () => {
    const { height, tiers } = run.queues(1);
    run.advance(1);
    return { height: height + 1, ...perTier((tier) => tiers[tier].next[0]?.node) };
  });
}

test("what a node had earned by a block is what its payments brought", () => {
  const halving = decodeScenario({ ...scenario, from: 1_312_000, run: "3000 blocks" });
  const run = new Run(halving, mainnet, 3, { payeesOf: 4_000 });
  run.advance(700);
  const early = run.node(5)!;
  run.advance(2_300);
  expect(run.nodeAfter(halving.from + 699, 5)!.earned).toBe(early.earned);
  expect(run.node(5)!.earned).toBeGreaterThan(early.earned);
});

test("blocks whose payees are forgotten have no queues", () => {
  const run = new Run(scenario, mainnet, 2, { payeesOf: 50 });
  run.advance(500);
  const newest = scenario.from + 499;
  expect(run.queuesAfter(newest - 50, 1)).toBeDefined();
  expect(run.queuesAfter(newest - 51, 1)).toBeUndefined();
  expect(run.nodeAfter(newest - 51, 1)).toBeUndefined();
});

test("the log forgets its oldest blocks", () => {
  const run = new Run(scenario, mainnet, 2, { payeesOf: 50 });
  run.advance(500);
  const last = run.queues(0).height;
  const view = run.node(run.queues(1).tiers.stratus.next[0]!.node)!;
  expect(view.paidSince).toBe(last - 49);
  expect(view.paidAt!.every((height) => height >= last - 49 && height <= last)).toBe(true);
});

test("a record of a run that is not over ends where it stands", () => {
  const run = new Run(scenario, mainnet, 2);
  expect(() => run.record()).toThrow("from its first block on");
  run.advance(1_000);
  const record = run.record();
  expect(record.lastHeight).toBe(scenario.from + 999);
  expect(record.samples.height.at(-1)).toBeLessThanOrEqual(record.lastHeight);
  expect(record.samples.height.length).toBeGreaterThan(100);
});
