import { BaseState, type ChainStart, headersLookedAt, type SharedChains, stateHash } from "@fluxlab/core";
import fc from "fast-check";
import { expect } from "vitest";
import { readLabChain, sharedChainsOf, tipOf, viewOf } from "../../support/labChain.ts";
import { believing } from "../../support/minedChains.ts";
import { labnet } from "../../support/networks.ts";
import { assertProperty } from "../../support/property.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// Chains that begin with a state in the middle of the recorded chain, in any era, go on as those that began at genesis.

const CLOCK = 2 ** 32 - 1;
/** Blocks that are compared: past the depth below which chains are folded. */
const PLAYED = 120;

vectorTest("a chain that begins with a state goes on as one that began at genesis", () => {
  const recorded = readLabChain().map(({ block }) => block);
  const params = labnet();
  const whole = sharedChainsOf(recorded[0]!, "signatures", believing).under(params);
  const node = viewOf(whole);
  for (const block of recorded.slice(1)) expect(node.acceptBlock(block, CLOCK).result.outcome).toBe("active");

  const startAt = (height: number): ChainStart => {
    const state = new BaseState();
    state.copy(whole.stateAfter(whole.tree.ancestor(node.tip, height)));
    const blocks = recorded.slice(0, height + 1).slice(-headersLookedAt(params));
    return { headers: blocks.map(({ header }) => header), block: recorded[height]!, state };
  };
  const begin = (start: ChainStart): SharedChains => sharedChainsOf(start, "signatures", believing);

  const anyHeight = fc.integer({ min: 1, max: recorded.length - PLAYED - 1 });
  assertProperty(
    fc.property(anyHeight, fc.nat(PLAYED), (height, foldAfter) => {
      const chains = begin(startAt(height));
      const view = viewOf(chains.under(params));
      const { tree } = chains.under(params);
      expect([view.tipHeight, tree.height(tree.root)]).toEqual([height, height]);
      for (let at = height + 1; at <= height + PLAYED; at++) {
        expect(view.acceptBlock(recorded[at]!, CLOCK).result.outcome, `block ${at}`).toBe("active");
        if (at === height + foldAfter) chains.fold([view]);
      }
      const row = whole.tree.ancestor(node.tip, height + PLAYED);
      expect(stateHash(view.state())).toBe(stateHash(whole.stateAfter(row)));
      expect(tree.lowest).toBe(Math.max(0, height + 1 - headersLookedAt(params)));
      expect(tipOf(view)).toBe(tipOf(viewAtRow(whole, row)));
      expect(tree.header(tree.ancestor(view.tip, tree.lowest))).toEqual(recorded[tree.lowest]!.header);
      expect(tree.parent(tree.ancestor(view.tip, tree.lowest))).toBe(-1);
    }),
    { numRuns: 4 },
  );
});

function viewAtRow(shared: Parameters<typeof viewOf>[0], row: number) {
  const view = viewOf(shared);
  view.restore(row);
  return view;
}
