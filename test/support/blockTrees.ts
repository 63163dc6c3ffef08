import {
  type Block,
  type BlockHash,
  blockHash,
  merkleTree,
  type OrdinaryTransaction,
  type PonHeader,
  type Satoshi,
  txid,
} from "@fluxlab/core";
import fc from "fast-check";
import { parseBlock, type RecordedLine } from "./replay.ts";
import { readJsonLines } from "./vectors.ts";

// Random trees of blocks. On regtest every header passes and the draw decides between equal heights, so that the best chain
// does not depend on the order of arrival at all.

/** Recorded blocks up to here have nothing but a coinbase, and no FluxNode to pay. */
const MAX_HEIGHT = 100;
/** Above it coinbases are limited. */
const UNLIMITED_HEIGHT = 2;
const SLOT_SECONDS = 30;

type Fault = "none" | "overpays" | "notFinal";

export interface TreeBlock {
  readonly block: Block;
  readonly hash: BlockHash;
  readonly parent: number;
  readonly height: number;
  readonly fault: Fault;
}

export interface BlockPlan {
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
export function growTree(plans: readonly BlockPlan[]): TreeBlock[] {
  const genesis = regtestBlocks()[0]!;
  const nodes: TreeBlock[] = [
    { block: genesis, hash: blockHash(genesis.header), parent: -1, height: 0, fault: "none" },
  ];
  for (const { back, fault } of plans) {
    let parent = Math.max(0, nodes.length - 1 - back);
    while (nodes[parent]!.height === MAX_HEIGHT) parent = nodes[parent]!.parent;
    nodes.push(child(nodes, parent, fault));
  }
  return nodes;
}

function child(nodes: readonly TreeBlock[], parent: number, wanted: Fault): TreeBlock {
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

/** A clock by which no header is early. */
export const LATE = 2 ** 32 - 1;

/** One more block of a tree. */
export const anyPlan: fc.Arbitrary<BlockPlan> = fc.record<BlockPlan>({
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(12) }),
  fault: fc.oneof(
    { weight: 6, arbitrary: fc.constant("none" as const) },
    { weight: 1, arbitrary: fc.constantFrom<Fault>("overpays", "notFinal") },
  ),
});
