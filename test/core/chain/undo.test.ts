import { BaseState, LayeredState, type StateDelta, stateHash, UPGRADES } from "@fluxlab/core";
import fc from "fast-check";
import { expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { labnet } from "../../support/networks.ts";
import { assertProperty } from "../../support/property.ts";
import { moveTo, replayedDeltas } from "../../support/replay.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const params = labnet();
let replayed: StateDelta[] | undefined;

/** What each block of the recorded chain did; worked out once. */
function deltas(): StateDelta[] {
  replayed ??= replayedDeltas("labnet/chain-a.jsonl", params, { ecdsa: fastEcdsa, trust: "signatures" });
  return replayed;
}

/** Around every upgrade, and every now and then. */
const isLookedAt = (height: number): boolean =>
  height % 150 === 0 || UPGRADES.some((upgrade) => Math.abs(params.upgrades[upgrade].height - height) <= 1);

vectorTest("taking the whole chain apart passes through the states it was built from", () => {
  const state = new BaseState();
  const before = stateHash(state);
  const digests = new Map<number, string>();
  for (const delta of deltas()) {
    state.apply(delta);
    if (isLookedAt(state.height)) digests.set(state.height, stateHash(state));
  }
  expect(digests.size).toBeGreaterThan(35);
  expect(new Set(digests.values()).size).toBe(digests.size);
  for (const delta of deltas().toReversed()) {
    const digest = digests.get(state.height);
    if (digest !== undefined) expect(stateHash(state), `height ${state.height}`).toBe(digest);
    state.revert(delta);
  }
  expect(stateHash(state)).toBe(before);
});

vectorTest(
  "walking up and down at will ends in the state of its height, as a view on any base below does",
  () => {
    const all = deltas();
    const tip = all.length - 1;
    const wanderer = new BaseState();
    const straight = new BaseState();
    const walk = fc.record({
      turns: fc.array(fc.integer({ min: -1, max: tip }), { minLength: 1, maxLength: 3 }),
      depth: fc.integer({ min: 0, max: 45 }),
    });
    const holds = fc.property(walk, ({ turns, depth }) => {
      for (const height of turns) moveTo(wanderer, all, height);
      const { height } = wanderer;
      const digest = stateHash(wanderer);
      const below = Math.max(height - depth, -1);
      const view = new LayeredState(moveTo(straight, all, below), all.slice(below + 1, height + 1));
      expect(stateHash(view)).toBe(digest);
      expect(stateHash(moveTo(straight, all, height))).toBe(digest);
    });
    assertProperty(holds, { numRuns: 25 });
  },
);
