import {
  type Block,
  type BlockHash,
  blockHash,
  comparePonHashes,
  headerPonHash,
  merkleTree,
  type OrdinaryTransaction,
  type PonHeader,
  regtest,
  type Satoshi,
  stateHash,
  toDisplayHex,
  txid,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect } from "vitest";
import { rowOf, sharedChainOf, tipOf, viewOf } from "../../support/labChain.ts";
import { parseBlock, type RecordedLine } from "../../support/replay.ts";
import { readJsonLines } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// On regtest every header passes and the draw decides between equal heights, so that the best chain does not depend on the
// order of arrival at all.

/** Below the first height that has to fund anything. */
const MAX_HEIGHT = 9;
/** Above it coinbases are limited. */
const UNLIMITED_HEIGHT = 2;
const SLOT_SECONDS = 30;

type Fault = "none" | "overpays" | "notFinal";

interface Node {
  readonly block: Block;
  readonly hash: BlockHash;
  readonly parent: number;
  readonly height: number;
  readonly fault: Fault;
}

interface Plan {
  /** How far below the latest block this one hangs. */
  readonly back: number;
  readonly fault: Fault;
}

let recorded: Block[] | undefined;

/** Recorded blocks lend their coinbases. */
function regtestBlocks(): Block[] {
  recorded ??= readJsonLines<RecordedLine>("labnet/regtest-chain.jsonl")
    .slice(0, MAX_HEIGHT + 1)
    .map(({ hex }) => parseBlock(Buffer.from(hex, "hex")));
  return recorded;
}

/** Block trees as planned, genesis first. Each block has a slot of its own, so that no two draw the same. */
function grow(plans: readonly Plan[]): Node[] {
  const genesis = regtestBlocks()[0]!;
  const nodes: Node[] = [
    { block: genesis, hash: blockHash(genesis.header), parent: -1, height: 0, fault: "none" },
  ];
  for (const { back, fault } of plans) {
    let parent = Math.max(0, nodes.length - 1 - back);
    while (nodes[parent]!.height === MAX_HEIGHT) parent = nodes[parent]!.parent;
    nodes.push(child(nodes, parent, fault));
  }
  return nodes;
}

function child(nodes: readonly Node[], parent: number, wanted: Fault): Node {
  const height = nodes[parent]!.height + 1;
  const fault = wanted === "overpays" && height <= UNLIMITED_HEIGHT ? "none" : wanted;
  const { header } = regtestBlocks()[height]! as { header: PonHeader };
  const coinbase = coinbaseWith(height, fault);
  const block = {
    header: {
      ...header,
      previousHash: nodes[parent]!.hash,
      merkleRoot: merkleTree([txid(coinbase)]).root,
      time: header.time + nodes.length * SLOT_SECONDS * (MAX_HEIGHT + 1) + height * SLOT_SECONDS,
    },
    transactions: [coinbase],
  };
  return { block, hash: blockHash(block.header), parent, height, fault };
}

function coinbaseWith(height: number, fault: Fault): OrdinaryTransaction {
  const coinbase = regtestBlocks()[height]!.transactions[0] as OrdinaryTransaction;
  if (fault === "notFinal") {
    const inputs = coinbase.inputs.map((input) => ({ ...input, sequence: 0 }));
    return { ...coinbase, inputs, lockTime: height + 1 };
  }
  if (fault !== "overpays") return coinbase;
  const outputs = coinbase.outputs.map((out) => ({ ...out, value: (out.value + 1n) as Satoshi }));
  return { ...coinbase, outputs };
}

/** The best block of those that neither break rules nor were invalidated, ancestors included: everything asked of everything. */
function obviousBest(nodes: readonly Node[], invalidated: ReadonlySet<number>): Node {
  const isGood = (i: number): boolean =>
    i < 0 || (nodes[i]!.fault === "none" && !invalidated.has(i) && isGood(nodes[i]!.parent));
  const draw = ({ block }: Node) => headerPonHash(block.header as PonHeader, regtest);
  return nodes
    .filter((_, i) => isGood(i))
    .reduce((best, each) => {
      if (each.height !== best.height) return each.height > best.height ? each : best;
      return comparePonHashes(draw(each), draw(best)) < 0 ? each : best;
    });
}

const LATE = 2 ** 32 - 1;

const anyPlan = fc.record<Plan>({
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(12) }),
  fault: fc.oneof(
    { weight: 6, arbitrary: fc.constant("none" as const) },
    { weight: 1, arbitrary: fc.constantFrom<Fault>("overpays", "notFinal") },
  ),
});

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
        const nodes = grow(plans);
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
    fc.assert(holds, { numRuns: 60 });
  },
);

vectorTest("nodes that share a chain move as nodes do that have one each", () => {
  const orders = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), {
    minLength: 2,
    maxLength: 4,
  });
  const holds = fc.property(fc.array(anyPlan, { minLength: 1, maxLength: 16 }), orders, (plans, picks) => {
    const nodes = grow(plans);
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
  fc.assert(holds, { numRuns: 30 });
});
