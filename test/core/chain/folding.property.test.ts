import {
  type BlockHeader,
  type BlockReceipt,
  ChainView,
  type Params,
  plainEquihash,
  regtest,
  type SharedChains,
  stateHash,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect } from "vitest";
import { anyPlan, growTree, LATE, type TreeBlock } from "../../support/blockTrees.ts";
import { sharedChainsOf, tipOf } from "../../support/labChain.ts";
import { assertProperty } from "../../support/property.ts";
import { vectorTest } from "../../support/vectorTest.ts";

/** So shallow that random trees pass it again and again. */
const shallow: Params = { ...regtest, maxReorgDepth: 4 };
const VIEWS = 3;

interface Step {
  readonly act: "next" | "any" | "header" | "fold";
  readonly view: number;
  readonly at: number;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom<Step["act"][]>("next", "next", "next", "next", "next", "any", "header", "fold"),
  view: fc.nat(VIEWS - 1),
  at: fc.nat(),
});

/** Some nodes of one process, that are given blocks of a tree. */
class Process {
  readonly chains: SharedChains;
  readonly views: ChainView[];
  readonly #nodes: readonly TreeBlock[];
  /** By view: blocks of the tree that it was given in order. */
  readonly #given: number[];
  #root = 0;
  folded = 0;

  constructor(nodes: readonly TreeBlock[], memo = true) {
    this.#nodes = nodes;
    this.chains = sharedChainsOf(nodes[0]!.block, "nothing", plainEquihash, memo);
    const shared = this.chains.under(shallow);
    this.views = Array.from({ length: VIEWS }, () => new ChainView(shared, { useCheckpoints: false }));
    this.#given = this.views.map(() => 0);
  }

  take({ act, view, at }: Step): BlockReceipt | undefined {
    const node = this.views[view]!;
    if (act === "fold") {
      const root = this.chains.fold(this.views);
      if (root !== this.#root) this.folded++;
      this.#root = root;
    } else if (act === "header") node.acceptHeader(this.#nodes[at % this.#nodes.length]!.block.header, LATE);
    else if (act === "any") return node.acceptBlock(this.#nodes[at % this.#nodes.length]!.block, LATE);
    else {
      this.#given[view] = Math.min(this.#given[view]! + 1, this.#nodes.length - 1);
      return node.acceptBlock(this.#nodes[this.#given[view]!]!.block, LATE);
    }
    return undefined;
  }

  tips(): string[] {
    return this.views.map(tipOf);
  }
}

const plans = fc.array(anyPlan, { minLength: 10, maxLength: 60 });
const steps = fc.array(anyStep, { minLength: 20, maxLength: 250, size: "max" });
/** Whatever is random, this folds: each view is given everything and all is folded, over and over. */
const thorough: Step[] = Array.from({ length: 60 }, (_, at): Step[] => [
  ...[0, 1, 2].map((view) => ({ act: "next" as const, view, at })),
  { act: "fold", view: 0, at },
]).flat();

vectorTest("folding changes neither tips nor states, and what is kept of the branch is what it was", () => {
  const seen = { folded: 0, dropped: 0, pruned: 0 };
  const holds = fc.property(plans, steps, (planned, taken) => {
    const nodes = growTree(planned);
    const [folding, keeping] = [new Process(nodes), new Process(nodes)];
    for (const step of taken) {
      folding.take(step);
      if (step.act !== "fold") keeping.take(step);
      expect(folding.tips()).toEqual(keeping.tips());
    }
    for (const [n, view] of folding.views.entries()) {
      const twin = keeping.views[n]!;
      expect(stateHash(view.state())).toBe(stateHash(twin.state()));
      const { tree } = view.shared;
      const full = twin.shared.tree;
      for (let height = 0; height <= view.tipHeight; height++) {
        const row = tree.ancestor(view.tip, height);
        const same = full.ancestor(twin.tip, height);
        expect(tree.find(full.hash(same))).toBe(row);
        expect(tree.header(row)).toEqual(full.header(same));
        expect([tree.hash(row), tree.height(row), tree.time(row), tree.bits(row), tree.work(row)]).toEqual([
          full.hash(same),
          height,
          full.time(same),
          full.bits(same),
          full.work(same),
        ]);
        expect(view.isActive(row)).toBe(true);
        expect(tree.commonAncestor(row, view.tip)).toBe(row);
        if (height > 0) expect(tree.parent(row)).toBe(tree.ancestor(view.tip, height - 1));
        const block = view.block(row);
        if (tree.isLive(row)) expect(block).toBe(twin.block(same));
        else expect(block).toBe("pruned");
        if (block === "pruned") seen.pruned++;
      }
      seen.dropped += full.size - tree.liveHeaders - tree.height(tree.root);
    }
    seen.folded += folding.folded;
  });
  assertProperty(holds, { numRuns: 150, examples: [[Array(60).fill({ back: 0, fault: "none" }), thorough]] });
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

vectorTest("with the memo off every answer is the same", () => {
  const holds = fc.property(plans, steps, (planned, taken) => {
    const nodes = growTree(planned);
    const [remembering, judging] = [new Process(nodes), new Process(nodes, false)];
    for (const step of taken) {
      expect(judging.take(step)).toEqual(remembering.take(step));
      expect(judging.tips()).toEqual(remembering.tips());
    }
    for (const [n, view] of judging.views.entries())
      expect(stateHash(view.state())).toBe(stateHash(remembering.views[n]!.state()));
  });
  assertProperty(holds, { numRuns: 30 });
});

vectorTest("a long run keeps as many blocks as a short one", () => {
  const nodes = growTree(Array.from({ length: 100 }, () => ({ back: 0, fault: "none" as const })));
  const process = new Process(nodes);
  const { tree, blocks } = process.chains.under(shallow);
  for (const step of thorough) process.take(step);
  for (const step of thorough) process.take(step);
  expect(process.views[0]!.tipHeight).toBe(100);
  expect([tree.liveHeaders, blocks.size]).toEqual([shallow.maxReorgDepth + 1, shallow.maxReorgDepth + 1]);
});

vectorTest(
  "a node that is cut off, or someone who may still ask, keeps what is above; a node left out ends",
  () => {
    const nodes = growTree(Array.from({ length: 40 }, () => ({ back: 0, fault: "none" as const })));
    const process = new Process(nodes);
    const [connected, cutOff, leftOut] = process.views as [ChainView, ChainView, ChainView];
    const { tree, blocks } = connected.shared;
    for (const { block } of nodes.slice(1)) connected.acceptBlock(block, LATE);
    for (const { block } of nodes.slice(1, 11)) cutOff.acceptBlock(block, LATE);
    const foldedTo = (keepFrom?: number) => tree.height(process.chains.fold([connected, cutOff], keepFrom));
    expect(foldedTo(5)).toBe(5);
    expect(foldedTo()).toBe(10 - shallow.maxReorgDepth);
    expect(blocks.size).toBe(40 - foldedTo() + 1);
    for (const { block } of nodes.slice(11)) cutOff.acceptBlock(block, LATE);
    expect(foldedTo(30)).toBe(30);
    expect(foldedTo()).toBe(40 - shallow.maxReorgDepth);
    expect(foldedTo()).toBe(40 - shallow.maxReorgDepth);

    expect(() => leftOut.acceptBlock(nodes[1]!.block, LATE)).toThrow("told of when chains are folded");
    expect(() => connected.invalidate(3)).toThrow("the root stays");
    const late = new ChainView(connected.shared, { useCheckpoints: false });
    expect(late.tipHeight).toBe(40 - shallow.maxReorgDepth);
    // Its tip would let in a fork from here, which others settled long ago: there is no state to judge it on.
    const { header } = nodes[40 - shallow.maxReorgDepth - 1]!.block;
    const fork = { ...header, time: header.time + 1 } as BlockHeader;
    expect(late.acceptHeader(fork, LATE)).toEqual({ outcome: "unknownParent" });
    for (const { block } of nodes) late.acceptBlock(block, LATE);
    expect([tipOf(late), stateHash(late.state())]).toEqual([tipOf(connected), stateHash(connected.state())]);
  },
);
