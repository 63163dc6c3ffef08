import {
  ChainView,
  type Params,
  regtest,
  type SharedChains,
  startUpRewind,
  stateHash,
  type Upgrade,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect } from "vitest";
import { LATE } from "../../support/blockTrees.ts";
import { tipOf } from "../../support/labChain.ts";
import { believingChains, mined, regtestGenesis } from "../../support/minedChains.ts";
import { withUpgrades } from "../../support/networks.ts";
import { assertProperty } from "../../support/property.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// A node that upgrades late is a node under other rules, in the same process as all others.

const NEVER = 10_000;
const LENGTH = 24;
const DEPTH = 6;

/** Rules that activate upgrades at these heights, the others at once. */
const rulesWith = (heights: Partial<Record<Upgrade, number>>): Params => ({
  ...withUpgrades(regtest, { acadia: 1, kamata: NEVER, flux: NEVER, halving: NEVER, pon: NEVER, ...heights }),
  maxReorgDepth: DEPTH,
});

const viewUnder = (chains: SharedChains, params: Params): ChainView =>
  new ChainView(chains.under(params), { useCheckpoints: false });

const anyUpgrade = fc.constantFrom<Upgrade[]>("kamata", "flux", "halving", "pon");
const rehearsal = fc.record({
  upgrade: anyUpgrade,
  height: fc.integer({ min: 2, max: 10 }),
  delay: fc.integer({ min: 1, max: 8 }),
  order: fc.array(fc.record({ node: fc.nat(3), late: fc.boolean(), fold: fc.boolean() }), {
    minLength: 150,
    maxLength: 250,
  }),
});

vectorTest("a late upgrader leaves the chain, and goes on, as it would in a process of its own", () => {
  const genesis = regtestGenesis();
  const seen = { parted: 0, folded: 0, highest: 0 };
  const holds = fc.property(rehearsal, ({ upgrade, height, delay, order }) => {
    const early = rulesWith({ [upgrade]: height });
    const late = rulesWith({ [upgrade]: height + delay });
    const branches = {
      early: mined(early, genesis, LENGTH),
      late: mined(late, genesis, LENGTH, 7, mined(early, genesis, height - 1)),
    };
    const chains = believingChains(genesis);
    const rules = [early, late, early, late];
    const together = rules.map((params) => viewUnder(chains, params));
    const apart = rules.map((params) => viewUnder(believingChains(genesis), params));
    const given = rules.map(() => ({ early: 0, late: 0 }));
    for (const { node, late: fromLate, fold } of order) {
      const branch = fromLate ? "late" : "early";
      const at = Math.min(given[node]![branch] + 1, LENGTH);
      given[node]![branch] = at;
      const block = branches[branch][at]!;
      const here = together[node]!.acceptBlock(block, LATE);
      const there = apart[node]!.acceptBlock(block, LATE);
      // What no node would follow any more was dropped, and is refused for another reason.
      const isOld = at - 1 <= together[node]!.tipHeight - DEPTH;
      if (!isOld) expect(here.result).toEqual(there.result);
      expect(tipOf(together[node]!)).toBe(tipOf(apart[node]!));
      const { tree } = together[0]!.shared;
      if (fold && chains.fold(together) !== 0 && tree.root > 0) seen.folded++;
    }
    for (const [n, view] of together.entries())
      expect(stateHash(view.state())).toBe(stateHash(apart[n]!.state()));
    if (tipOf(together[0]!) !== tipOf(together[1]!)) seen.parted++;
    seen.highest = Math.max(seen.highest, together[0]!.tipHeight);
  });
  assertProperty(holds, { numRuns: 40 });
  expect(seen.parted).toBeGreaterThan(0);
  expect(seen.folded).toBeGreaterThan(0);
  expect(seen.highest).toBe(LENGTH);
});

const EARLY = 12;
const [early, late] = [rulesWith({ pon: EARLY }), rulesWith({ pon: EARLY + 5 })];

vectorTest("where rules agree they share what blocks do, and each block is judged once for each", () => {
  const blocks = mined(early, regtestGenesis(), LENGTH);
  const chains = believingChains(blocks[0]!);
  const views = [early, late].map((params) => viewUnder(chains, params));
  for (const block of blocks.slice(1, EARLY)) for (const view of views) view.acceptBlock(block, LATE);
  const [a, b] = views.map(({ shared }) => shared) as [ChainView["shared"], ChainView["shared"]];
  for (let row = 1; row < EARLY; row++) {
    const [one, other] = [a, b].map((shared) => shared.verdict(row, shared.connectedContent(row)!));
    if (one?.verdict !== "connected" || other?.verdict !== "connected") throw new Error("both connect");
    expect(one.delta).toBe(other.delta);
  }
  expect(chains.under({ ...early })).toBe(a);
  const results = views.map((view) => view.acceptBlock(blocks[EARLY]!, LATE).result);
  expect(results[0]).toEqual({ outcome: "active" });
  expect(results[1]).toMatchObject({ outcome: "invalid", violation: { rule: "premature-pon-block" } });
});

vectorTest("a node that starts again under the rules of the others joins them, folded or not", () => {
  const blocks = mined(early, regtestGenesis(), LENGTH);
  const stale = mined(late, blocks[0]!, EARLY + 3, 7, mined(early, blocks[0]!, EARLY - 1));
  for (const isFolded of [false, true]) {
    const chains = believingChains(blocks[0]!);
    const old = viewUnder(chains, late);
    for (const block of stale.slice(1)) old.acceptBlock(block, LATE);
    expect(old.tipHeight).toBe(EARLY + 3);
    if (isFolded) expect(old.shared.tree.height(chains.fold([old]))).toBe(EARLY + 3 - DEPTH);
    const rewind = startUpRewind(late, early, old.tipHeight);
    expect(rewind).toEqual({ outcome: "rewound", height: EARLY - 1 });
    const upgraded = viewUnder(chains, early);
    upgraded.restart(old, old.shared.tree.ancestor(old.tip, EARLY - 1));
    for (const block of blocks.slice(EARLY)) upgraded.acceptBlock(block, LATE);
    const fresh = viewUnder(believingChains(blocks[0]!), early);
    for (const block of blocks.slice(1)) fresh.acceptBlock(block, LATE);
    expect(tipOf(upgraded)).toBe(tipOf(fresh));
    expect(stateHash(upgraded.state())).toBe(stateHash(fresh.state()));
  }
});

vectorTest("rules that differ below what is folded come too late", () => {
  const blocks = mined(late, regtestGenesis(), LENGTH);
  const chains = believingChains(blocks[0]!);
  const view = viewUnder(chains, late);
  for (const block of blocks.slice(1)) view.acceptBlock(block, LATE);
  expect(view.shared.tree.height(chains.fold([view]))).toBe(LENGTH - DEPTH);
  expect(() => chains.under(early)).toThrow(
    `rules of regtest differ from height ${EARLY}, and blocks up to 18`,
  );
});
