import {
  comparePonHashes,
  headerPonHash,
  type PonHeader,
  regtest,
  stateHash,
  toDisplayHex,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect } from "vitest";
import { anyPlan, growTree, LATE, type TreeBlock } from "../../support/blockTrees.ts";
import { rowOf, sharedChainOf, tipOf, viewOf } from "../../support/labChain.ts";
import { assertProperty } from "../../support/property.ts";
import { vectorTest } from "../../support/vectorTest.ts";

/** The best block of those that neither break rules nor were invalidated, ancestors included: everything asked of everything. */
function obviousBest(nodes: readonly TreeBlock[], invalidated: ReadonlySet<number>): TreeBlock {
  const isGood = (i: number): boolean =>
    i < 0 || (nodes[i]!.fault === "none" && !invalidated.has(i) && isGood(nodes[i]!.parent));
  const draw = ({ block }: TreeBlock) => headerPonHash(block.header as PonHeader, regtest);
  return nodes
    .filter((_, i) => isGood(i))
    .reduce((best, each) => {
      if (each.height !== best.height) return each.height > best.height ? each : best;
      return comparePonHashes(draw(each), draw(best)) < 0 ? each : best;
    });
}

const anyStep = fc.record({
  act: fc.constantFrom("block", "block", "block", "header", "invalidate", "reconsider"),
  at: fc.nat(),
});

vectorTest(
  "whatever arrives in whatever order, and whatever is invalidated meanwhile, the best valid chain wins",
  () => {
    const holds = fc.property(
      fc.array(anyPlan, { minLength: 1, maxLength: 24 }),
      fc.array(anyStep, { maxLength: 60 }),
      (plans, steps) => {
        const nodes = growTree(plans);
        const shared = sharedChainOf(nodes[0]!.block, "nothing", regtest);
        const view = viewOf(shared);
        const invalidated = new Set<number>();
        const ancestry = (i: number): number[] => (i < 0 ? [] : [i, ...ancestry(nodes[i]!.parent)]);
        for (const { act, at } of steps) {
          const i = 1 + (at % (nodes.length - 1));
          const { block, hash } = nodes[i]!;
          if (act === "block") view.acceptBlock(block, LATE);
          else if (act === "header") view.acceptHeader(block.header, LATE);
          else if (shared.tree.find(hash) < 0) continue;
          else if (act === "invalidate") {
            view.invalidate(shared.tree.find(hash));
            invalidated.add(i);
          } else {
            view.reconsider(shared.tree.find(hash));
            for (const j of invalidated)
              if (ancestry(i).includes(j) || ancestry(j).includes(i)) invalidated.delete(j);
          }
          const kept = ancestry(nodes.findIndex((each) => toDisplayHex(each.hash) === tipOf(view)));
          expect(kept.every((j) => nodes[j]!.fault === "none" && !invalidated.has(j))).toBe(true);
        }
        for (const { block } of nodes) view.acceptBlock(block, LATE);
        const best = obviousBest(nodes, invalidated);
        expect(tipOf(view)).toBe(toDisplayHex(best.hash));

        const straight = viewOf(sharedChainOf(nodes[0]!.block, "nothing", regtest));
        for (const i of ancestry(nodes.indexOf(best)).reverse()) straight.acceptBlock(nodes[i]!.block, LATE);
        expect(stateHash(view.state())).toBe(stateHash(straight.state()));
        expect(rowOf(shared, tipOf(view))).toBe(view.tip);
      },
    );
    assertProperty(holds, { numRuns: 60 });
  },
);

vectorTest("nodes that share a chain move as nodes do that have one each", () => {
  const orders = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), {
    minLength: 2,
    maxLength: 4,
  });
  const holds = fc.property(fc.array(anyPlan, { minLength: 1, maxLength: 16 }), orders, (plans, picks) => {
    const nodes = growTree(plans);
    const genesis = nodes[0]!.block;
    const shared = sharedChainOf(genesis, "nothing", regtest);
    const together = picks.map(() => viewOf(shared));
    const apart = picks.map(() => viewOf(sharedChainOf(genesis, "nothing", regtest)));
    // They take turns, so that each meets what the others have already found out.
    for (let turn = 0; turn < 40; turn++) {
      for (const [n, pick] of picks.entries()) {
        const { block } = nodes[pick[turn % pick.length]! % nodes.length]!;
        const a = together[n]!.acceptBlock(block, LATE);
        const b = apart[n]!.acceptBlock(block, LATE);
        expect(a.result).toEqual(b.result);
        expect(tipOf(together[n]!)).toBe(tipOf(apart[n]!));
      }
    }
  });
  assertProperty(holds, { numRuns: 30 });
});
