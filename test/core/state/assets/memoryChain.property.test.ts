import {
  type AssetOperation,
  brokenInvariants,
  chainTerms,
  followChain,
  MemoryChain,
  type MemoryChainOptions,
  type ParallelEvent,
  Random,
  shortfall,
  totalInFlight,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { accepted, ETH, fewChains, KDA, lockId, next, released } from "../../../support/assets.ts";
import { assertProperty } from "../../../support/property.ts";

const options = fc.record({
  chain: fc.constant(KDA),
  blockIntervalMs: fc.integer({ min: 1, max: 50 }),
  reorgChance: fc.constantFrom([0, 1] as const, [1, 3] as const, [1, 1] as const),
  maxReorgDepth: fc.integer({ min: 1, max: 6 }),
  dropChance: fc.constantFrom([0, 1] as const, [1, 2] as const, [1, 1] as const),
});

const CONFIRMATIONS = 4;
const lock = (n: number): AssetOperation => ({
  type: "lock",
  id: lockId(n),
  source: KDA,
  target: ETH,
  owner: "alice",
  amount: 10n,
});

/** One lock for each of 30 polls, 37 ms apart; all that happened, a list for each poll. */
function history(chosen: MemoryChainOptions, seed: string): (readonly ParallelEvent[])[] {
  const chain = new MemoryChain(chosen, Random.root(seed).fork("KDA"));
  return Array.from({ length: 30 }, (_, n) => {
    chain.submit(lock(n));
    return chain.poll((n + 1) * 37);
  });
}

test("a memory chain tells a history that fits together, at its pace, and the same one for the same seed", () => {
  const check = fc.property(options, fc.string(), (chosen, seed) => {
    const events = history(chosen, seed);
    expect(history(chosen, seed)).toEqual(events);
    const blocks: ParallelEvent[] = [];
    for (const [n, batch] of events.entries()) {
      for (const event of batch) {
        if (event.type === "connected") {
          expect(event.height).toBe(blocks.length + 1);
          blocks.push(event);
        } else {
          expect(event.height).toBeGreaterThanOrEqual(blocks.length - chosen.maxReorgDepth);
          blocks.length = event.height;
        }
      }
      expect(blocks).toHaveLength(Math.floor(((n + 1) * 37) / chosen.blockIntervalMs));
    }
    const carried = blocks.flatMap((event) => (event.type === "connected" ? event.operations : []));
    expect(new Set(carried).size).toBe(carried.length);
    if (chosen.dropChance[0] === 0 || chosen.reorgChance[0] === 0) {
      // Nothing is lost, and what is not in a block yet came after the last one.
      expect(carried.map((operation) => "id" in operation && operation.id)).toEqual(
        carried.map((_, n) => lockId(n)),
      );
    }
  });
  assertProperty(check, { numRuns: 200 });
});

test("a ledger that follows it pays every confirmed lock once, and is short by just the locks that are gone for good", () => {
  let short = 0;
  const check = fc.property(options, fc.string(), (chosen, seed) => {
    let ledger = released(fewChains(3, CONFIRMATIONS, 99), KDA, ETH);
    const standing = new Map<number, readonly AssetOperation[]>();
    const paid = new Set<string>();
    for (const events of history(chosen, seed)) {
      const followed = followChain(ledger, KDA, events);
      expect(followed.lostAt).toBeUndefined();
      ledger = followed.ledger;
      for (const event of events) {
        if (event.type === "connected") standing.set(event.height, event.operations);
        else for (const height of standing.keys()) if (height > event.height) standing.delete(height);
      }
      for (const { id } of [...ledger.locks.entries()].map(([, each]) => each)) {
        const { ledger: after, reasons } = next(ledger, ETH, { type: "unlock", source: KDA, id });
        ledger = after;
        if (reasons.length === 0) {
          expect(paid).not.toContain(id);
          paid.add(id);
        }
      }
    }
    const there = new Set([...standing.values()].flat().map((each) => (each.type === "lock" ? each.id : "")));
    const gone = [...paid].filter((id) => !there.has(id)).length;
    short += gone;
    expect(shortfall(ledger)).toBe(10n * BigInt(gone));
    expect(totalInFlight(ledger)).toBe(10n * BigInt([...there].filter((id) => !paid.has(id)).length));
    expect(brokenInvariants(ledger)).toEqual(
      gone === 0 ? [] : [{ invariant: "swapConservation", excess: shortfall(ledger) }],
    );
    if (chosen.maxReorgDepth < CONFIRMATIONS) expect(gone).toBe(0);
  });
  assertProperty(check, { numRuns: 100 });
  expect(short).toBeGreaterThan(0);
});

test("an order to reorganise replaces so many blocks, and what survives comes back in the first of them", () => {
  const quiet = { blockIntervalMs: 10, reorgChance: [0, 1], maxReorgDepth: 5, dropChance: [0, 1] } as const;
  const chain = new MemoryChain({ chain: KDA, ...quiet }, Random.root("1"));
  chain.reorganise(3);
  expect(chain.poll(9)).toEqual([]);
  chain.submit(lock(1));
  expect(chain.poll(10)).toEqual([{ type: "connected", height: 1, operations: [lock(1)] }]);
  chain.submit(lock(2));
  chain.poll(30);
  chain.reorganise(9);
  expect(chain.poll(30)).toEqual([
    { type: "reorganised", height: 0 },
    { type: "connected", height: 1, operations: [lock(1), lock(2)] },
    { type: "connected", height: 2, operations: [] },
    { type: "connected", height: 3, operations: [] },
  ]);
  expect(chain.height).toBe(3);
});

test("a reorganisation deeper than the ledger goes back stops it there", () => {
  const ledger = accepted(released(fewChains(2, 1, 9), KDA), KDA);
  const followed = followChain(ledger, KDA, [
    { type: "connected", height: 2, operations: [{ ...lock(1), target: 0 } as AssetOperation, lock(2)] },
    { type: "reorganised", height: -1 },
    { type: "connected", height: 1, operations: [] },
  ]);
  expect(followed.lostAt).toBe(-1);
  expect(followed.rejected.map(({ rejection }) => rejection.reason)).toEqual(["unknownChain"]);
  expect(chainTerms(followed.ledger, KDA).inFlight).toBe(10n);
});
